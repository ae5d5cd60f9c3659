import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './api-error.ts';
import type { TokenStore } from './token-store.ts';

export interface Caller {
  auth: 'api_key' | 'oauth2';
  /** What rate limits are counted by. */
  credential: string;
  /** Absent: everything. */
  scopes?: readonly string[];
}

export interface Keyring {
  /** The one key that is accepted now; rotated by the control route. */
  apiKey: string;
  readonly tokens: TokenStore;
  /** Asks the authorization server. */
  readonly findToken: (token: string) => Promise<{ scopes: readonly string[] } | undefined>;
}

/** @throws ApiError 401 */
export async function authenticate(headers: IncomingHttpHeaders, keyring: Keyring): Promise<Caller> {
  const apiKey = headers['x-api-key'];
  if (typeof apiKey === 'string') {
    if (apiKey === keyring.apiKey) return { auth: 'api_key', credential: apiKey };
    throw new ApiError(401, 'invalid_api_key', 'The API key is not known.');
  }
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    if (keyring.tokens.accepts(bearer)) return { auth: 'oauth2', credential: bearer };
    const granted = await keyring.findToken(bearer);
    if (granted) return { auth: 'oauth2', credential: bearer, scopes: granted.scopes };
    // RFC 6750 section 3.1
    throw new ApiError(401, 'invalid_token', 'The access token is expired or not known.', {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    });
  }
  throw new ApiError(401, 'unauthorized', 'Send an x-api-key header or a bearer token.', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}
