import { TenonError } from '../../errors/tenon-error.ts';
import { interpolateAll } from '../../provider/interpolate.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationStart, StartedAuthorization } from '../token-context.ts';
import { askOauth1Endpoint } from './ask-oauth1-endpoint.ts';

/**
 * Asks for a temporary token, and makes the address where the customer consents to it (RFC 5849 sections 2.1 and 2.2).
 * OAuth 1.0a has no state: it goes with the address to return to.
 * @throws TenonError `integration_misconfigured` when the provider refuses the app, and what `sendExchange` throws
 */
export async function beginOauth1Authorization(start: AuthorizationStart): Promise<StartedAuthorization> {
  const auth = requireMode(start.provider, 'oauth1');
  const { authorizationUrl, requestTokenUrl } = auth;
  if (authorizationUrl === undefined || requestTokenUrl === undefined) throw hasNoConsent(start.provider.displayName);
  const callback = new URL(start.redirectUri);
  callback.searchParams.set('state', start.state);
  const answer = await askOauth1Endpoint(start, {
    auth,
    url: requestTokenUrl,
    step: 'request token',
    keys: { parameters: { oauth_callback: callback.href } },
  });
  // Section 2.1 wants it to be true. Some leave it out; one that says otherwise speaks the first version, whose
  // redirects could be forged.
  if (answer['oauth_callback_confirmed'] === 'false') {
    throw new TenonError(
      'provider_answer_invalid',
      `${start.provider.displayName} did not take the address to return to.`,
      {
        hint: 'Check that the app is registered with it.',
      },
    );
  }
  const { oauth_token: requestToken = '', oauth_token_secret: requestTokenSecret = '' } = answer;
  const values = exchangeValues(start);
  const url = endpointUrl(authorizationUrl, values);
  const parameters = { ...interpolateAll(auth.authorizationParameters, values), ...start.authorizationParameters };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  url.searchParams.set('oauth_token', requestToken);
  return { url: url.href, pending: { requestToken, requestTokenSecret } };
}

/** The error of a provider whose tokens are pasted. */
export function hasNoConsent(displayName: string): TenonError {
  return new TenonError('credentials_invalid', `${displayName} has no consent in the browser: its tokens are pasted.`, {
    hint: 'Create the connection with the values that the provider declares.',
  });
}
