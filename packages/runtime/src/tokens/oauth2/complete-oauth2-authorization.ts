import { decodeJwt } from 'jose';
import { z } from 'zod';
import { TenonError } from '../../errors/tenon-error.ts';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import type { InterpolationValues } from '../../provider/interpolate.ts';
import { interpolateUrl } from '../../provider/interpolate-url.ts';
import { readPath } from '../../provider/read-path.ts';
import { systemClock } from '../../request/clock.ts';
import { captureAccount } from '../capture-account.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { readToken } from '../endpoint/read-token.ts';
import { failClient, integrationClient, type TokenClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues, fillParameters } from '../exchange-values.ts';
import type { ObtainedToken } from '../obtained-token.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationEnd, AuthorizedAccount, PendingAuthorization } from '../token-context.ts';
import { checkCallback } from './check-callback.ts';
import { checkIdToken } from './check-id-token.ts';
import { forecastRefreshExpiry } from './forecast-refresh-expiry.ts';
import { redirectUriOf } from './redirect-uri-of.ts';

const scopesSchema = z.array(z.string());

/** RFC 6749 section 5.1: an answer without a scope grants what was asked for. */
function readAskedScopes({ scopes }: PendingAuthorization): string[] | undefined {
  return scopes === undefined ? undefined : scopesSchema.parse(JSON.parse(scopes));
}

/** As it is written: RFC 9207 section 2.4 compares character by character. */
function fillIssuer({ issuer }: AuthOf<'oauth2'>, values: InterpolationValues): string | undefined {
  return issuer === undefined ? undefined : interpolateUrl(issuer, values);
}

async function readIdToken(
  end: AuthorizationEnd,
  auth: AuthOf<'oauth2'>,
  { answer, clientId }: { answer: object; clientId: string },
): Promise<object | undefined> {
  const idToken = readPath(answer, 'id_token');
  const { nonce } = end.pending;
  if (auth.jwksUrl === undefined || nonce === undefined) {
    // It came from the token endpoint itself, over TLS, which may stand for its signature (OpenID Connect Core 1.0
    // section 3.1.3.7, number 6).
    return typeof idToken === 'string' ? decodeClaims(idToken) : undefined;
  }
  if (typeof idToken !== 'string') {
    throw new TenonError(
      'provider_answer_invalid',
      `The token endpoint of ${end.provider.displayName} gave no id_token, which was asked for.`,
      { hint: 'Leave out jwksUrl of the provider if it has no ID tokens.' },
    );
  }
  const values = exchangeValues(end);
  return checkIdToken(idToken, end, {
    jwksUrl: endpointUrl(auth.jwksUrl, values),
    clientId,
    nonce,
    issuer: fillIssuer(auth, values),
  });
}

function decodeClaims(idToken: string): object | undefined {
  try {
    return decodeJwt(idToken);
  } catch {
    return undefined; // Whoever needs a claim of it says that it is missing.
  }
}

interface CheckedRedirect {
  readonly code: string;
  readonly client: TokenClient;
  readonly nowMs: number;
}

/** RFC 6749 section 4.1.3. */
async function exchangeAtEndpoint(
  end: AuthorizationEnd,
  auth: AuthOf<'oauth2'>,
  { code, client, nowMs }: CheckedRedirect,
): Promise<ObtainedToken> {
  const { pending } = end;
  const values = exchangeValues(end);
  const answer = await askTokenEndpoint(end, {
    url: endpointUrl(auth.tokenUrl, values),
    facts: auth,
    client,
    values,
    // A code is used once (RFC 6749 section 4.1.2), and a second use may end the tokens of the first.
    repeat: 'unsafe',
    secrets: [code, pending['codeVerifier'] ?? ''],
    parameters: () => ({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUriOf(end, values),
      ...(pending['codeVerifier'] !== undefined && { code_verifier: pending['codeVerifier'] }),
      ...fillParameters(auth.tokenParameters, values),
    }),
  });
  return { token: readToken(answer, { ...auth, provider: end.provider.displayName, nowMs }), answer };
}

/** What is exchanged by other means has no answer to read more from: hooks tell what they found by themselves. */
async function exchangeElsewhere(
  { pending, redirectUri, callback }: AuthorizationEnd,
  code: string,
  exchangeCode: NonNullable<AuthorizationEnd['exchangeCode']>,
): Promise<ObtainedToken> {
  const codeVerifier = pending['codeVerifier'];
  return { token: await exchangeCode({ code, redirectUri, codeVerifier, parameters: callback }), answer: {} };
}

/** Checks the redirect back, and exchanges its code for tokens. */
export async function completeOauth2Authorization(end: AuthorizationEnd): Promise<AuthorizedAccount> {
  const { provider, pending } = end;
  const auth = requireMode(provider, 'oauth2');
  const client = integrationClient(end);
  const { clientId } = client;
  if (clientId === undefined) return failClient('integration', 'client id');
  const values = exchangeValues(end);
  const issuer = fillIssuer(auth, values);
  const nowMs = (end.clock ?? systemClock).now();
  const code = checkCallback(end.callback, { provider: provider.displayName, clientId, state: end.state, issuer });
  const { token, answer } = end.exchangeCode
    ? await exchangeElsewhere(end, code, end.exchangeCode)
    : await exchangeAtEndpoint(end, auth, { code, client, nowMs });
  const idToken = end.exchangeCode ? undefined : await readIdToken(end, auth, { answer, clientId });
  const captured = await captureAccount(end, {
    capture: auth.capture,
    callback: end.callback,
    token: answer,
    ...(idToken && { idToken }),
    credential: { accessToken: token.accessToken },
  });
  const scopes = token.scopes ?? readAskedScopes(pending);
  const forecast = forecastRefreshExpiry(token, { facts: auth.refreshToken, nowMs });
  return { token: { ...token, ...forecast, ...(scopes && { scopes }) }, captured };
}
