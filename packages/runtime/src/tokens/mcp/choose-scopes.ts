import type { AuthorizationServer } from 'oauth4webapi';

/**
 * What to ask for: what the developer wants, else what the MCP server says it needs. Refresh tokens are what keeps a
 * connection, and OpenID Connect servers give them for `offline_access`.
 */
export function chooseScopes(
  wanted: readonly string[] | undefined,
  server: Pick<AuthorizationServer, 'scopes_supported'>,
): readonly string[] | undefined {
  if (!wanted || wanted.length === 0) return undefined;
  const offline = server.scopes_supported?.includes('offline_access') === true && !wanted.includes('offline_access');
  return offline ? [...wanted, 'offline_access'] : wanted;
}
