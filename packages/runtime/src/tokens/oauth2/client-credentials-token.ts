import { getGlobalDispatcher } from 'undici';
import { TenonError } from '../../errors/tenon-error.ts';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { fillDefaults } from '../../provider/field-problems.ts';
import { interpolate } from '../../provider/interpolate.ts';
import { interpolateUrl } from '../../provider/interpolate-url.ts';
import type { Provider } from '../../provider/provider-schema.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { readPath } from '../../provider/read-path.ts';
import { parseBaseAddress } from '../../request/address.ts';
import { systemClock } from '../../request/clock.ts';
import { encodeBody } from '../../request/encode-body.ts';
import { performCall } from '../../request/perform-call.ts';
import { defaultMaxWaitMs } from '../../request/provider-client.ts';
import type { TokenRequest } from '../token-context.ts';

type ClientCredentialsAuth = AuthOf<'oauth2_client_credentials'>;

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A token answer is a few hundred bytes; a login page that comes instead is not worth more. */
const maxTokenAnswerBytes = 1_000_000;

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function encodeClient(clientId: string, clientSecret: string): string {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64');
}

function createParameters(
  auth: ClientCredentialsAuth,
  options: TokenRequest & { client: Client },
): Record<string, string> {
  const { clientId, clientSecret } = options.client;
  const values = {
    connection: options.config,
    credential: { clientId, clientSecret },
    integration: options.integration,
  };
  const parameters: Record<string, string> = { grant_type: 'client_credentials' };
  if (auth.scopes.length > 0) parameters['scope'] = auth.scopes.join(auth.scopeSeparator);
  for (const [name, template] of Object.entries(auth.tokenParameters)) parameters[name] = interpolate(template, values);
  if (auth.clientAuthentication === 'body') {
    parameters['client_id'] = clientId;
    parameters['client_secret'] = clientSecret;
  }
  return parameters;
}

/** The `exp` of a JWT (RFC 7519 section 4.1.4) without checking its signature: it only says when to renew. */
function readJwtExpiry(token: string): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const exp = readPath(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'exp');
    return typeof exp === 'number' ? exp * 1_000 : undefined;
  } catch {
    return undefined; // Not a JWT: most tokens are opaque.
  }
}

function readExpiry(auth: ClientCredentialsAuth, answer: unknown, token: string, nowMs: number): number | undefined {
  // Section 5.1 makes it a number of seconds; some providers send it as a string.
  const seconds = Number(readPath(answer, 'expires_in') ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds > 0) return nowMs + seconds * 1_000;
  const fromToken = readJwtExpiry(token);
  if (fromToken !== undefined) return fromToken;
  return auth.defaultExpirySeconds === undefined ? undefined : nowMs + auth.defaultExpirySeconds * 1_000;
}

function readToken(provider: Provider, answer: unknown): string {
  const token = readPath(answer, 'access_token');
  if (typeof token === 'string' && token !== '') return token;
  const keys = typeof answer === 'object' && answer !== null ? Object.keys(answer).join(', ') : typeof answer;
  throw new TenonError(
    'provider_answer_invalid',
    `The token endpoint of ${provider.displayName} gave no access_token (RFC 6749 section 5.1); the answer has: ${keys}.`,
    { hint: 'Check auth.tokenUrl and auth.bodyFormat of the provider.' },
  );
}

/** RFC 6749 section 5.2: a wrong client is `invalid_client` with 400 or 401; 401 is known as a refusal already. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof TenonError) || error.code !== 'provider_error') return error;
  if (!/invalid_client|unauthorized_client|invalid_grant/.test(String(error.details?.['body']))) return error;
  return new TenonError('provider_unauthorized', error.message, {
    hint: 'Check the client id and the client secret.',
    ...(error.details ? { details: error.details } : {}),
    cause: error,
  });
}

/** @throws TenonError `credentials_invalid` or `integration_misconfigured`, by whose client it is */
function readClient(
  auth: ClientCredentialsAuth,
  credentials: { clientId?: string | undefined; clientSecret?: string | undefined },
  integration: Readonly<Record<string, string>>,
): Client {
  const own = auth.client === 'connection';
  const clientId = own ? credentials.clientId : integration['clientId'];
  const clientSecret = own ? credentials.clientSecret : integration['clientSecret'];
  if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  throw new TenonError(
    own ? 'credentials_invalid' : 'integration_misconfigured',
    'The client id or the client secret is missing.',
  );
}

/**
 * Exchanges client credentials for an access token (RFC 6749 section 4.4).
 * @returns the token; its expiry is from `expires_in`, else the token's own `exp`, else the provider's default
 * @throws TenonError `provider_unauthorized` for refused credentials, `provider_answer_invalid` without a token, and
 * what requests throw
 */
export async function obtainClientCredentialsToken(options: TokenRequest): Promise<ProviderToken> {
  const { provider, credentials, clock = systemClock } = options;
  const { auth } = provider;
  if (auth.mode !== 'oauth2_client_credentials') {
    throw new TenonError(
      'credentials_invalid',
      `${provider.displayName} has no client credentials: its mode is ${auth.mode}.`,
    );
  }
  const client = readClient(auth, credentials.mode === auth.mode ? credentials : {}, options.integration);
  const { clientId, clientSecret } = client;
  const config = fillDefaults(options.config, provider.connection);
  const filled = { ...options, config, client };
  const url = interpolateUrl(auth.tokenUrl, {
    connection: config,
    credential: { clientId },
    integration: options.integration,
  });
  const address = parseBaseAddress(url);
  const parameters = createParameters(auth, filled);
  const basic = encodeClient(clientId, clientSecret);
  const authorisation = {
    headers: auth.clientAuthentication === 'basic' ? { authorization: `Basic ${basic}` } : {},
    query: {},
  };
  const body = await encodeBody(auth.bodyFormat === 'json' ? parameters : new URLSearchParams(parameters));
  try {
    const { data } = await performCall(
      {
        // The API's way to say "error" in a 200 is not the token endpoint's.
        provider: { ...provider, bodyError: undefined },
        connectionId: clientId,
        transport: { dispatcher: options.dispatcher ?? getGlobalDispatcher(), maxAnswerBytes: maxTokenAnswerBytes },
        authoriser: {
          current: () => authorisation,
          renew: () => Promise.resolve(false),
          secrets: () => [clientSecret, basic],
        },
        pace: { clock, random: Math.random, maxWaitMs: defaultMaxWaitMs },
      },
      {
        method: 'POST',
        origin: address.origin,
        path: new URL(url).pathname + new URL(url).search,
        defaultHeaders: { accept: 'application/json', 'user-agent': 'tenon' },
        headers: body.contentType === undefined ? {} : { 'content-type': body.contentType },
        body,
        timeoutMs: provider.requestTimeoutMs,
        // Asking for a token again has no effect but another token.
        mayRepeat: true,
        signal: options.signal,
      },
    );
    const accessToken = readToken(provider, data);
    const expiresAtMs = readExpiry(auth, data, accessToken, clock.now());
    return expiresAtMs === undefined ? { accessToken } : { accessToken, expiresAtMs };
  } catch (error) {
    throw asRefusal(error);
  }
}
