import { TenonError } from '../../errors/tenon-error.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { credentialValues } from '../credential-values.ts';
import type { TokenRequest } from '../token-context.ts';

/**
 * Takes over a token that was consented to elsewhere. No provider gives one for anything else than a consent.
 * @throws TenonError `credentials_invalid` when there is none
 */
export function importOauth1Token({ provider, credentials }: TokenRequest): ProviderToken {
  const { token, tokenSecret } = credentialValues(credentials);
  if (token !== undefined && tokenSecret !== undefined) return { accessToken: token, tokenSecret };
  throw new TenonError('credentials_invalid', `${provider.displayName} needs a token and its secret.`, {
    hint: 'Connect the account in the browser, or import `token` and `tokenSecret`.',
  });
}
