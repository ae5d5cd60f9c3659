import type { Credentials, ProviderAuth } from '@tenon/runtime/provider';
import type { StoredToken } from './seal-secrets.ts';
import { mergeToken } from './tokens/merge-token.ts';

export interface TakenImport {
  /** What stays of the credentials beside the token. */
  readonly credentials: Credentials;
  /** undefined: none was brought. */
  readonly token: StoredToken | undefined;
}

/**
 * Splits what an import brings. Tokens that a customer's consent gave elsewhere are kept as tokens, to be renewed like
 * those of Connect. One that came without an access token counts as ended: it is renewed before anybody uses it.
 */
export function takeImport(
  credentials: Credentials,
  { nowMs, auth }: { nowMs: number; auth: ProviderAuth },
): TakenImport {
  if (credentials.mode !== 'oauth2' && credentials.mode !== 'mcp_oauth') return { credentials, token: undefined };
  const { mode, accessToken, refreshToken, expiresAt } = credentials;
  if (accessToken === undefined && refreshToken === undefined) return { credentials, token: undefined };
  const scopes = credentials.mode === 'oauth2' ? credentials.scopes : undefined;
  const expiresAtMs = accessToken === undefined ? nowMs : expiresAt === undefined ? undefined : Date.parse(expiresAt);
  const brought = {
    accessToken: accessToken ?? '',
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(scopes === undefined ? {} : { scopes }),
  };
  return { credentials: { mode }, token: mergeToken(auth, brought, { previous: undefined, nowMs }) };
}
