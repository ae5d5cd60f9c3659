import type { ConnectSession, ConnectSessionRequest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { findConnection } from '../../credentials/find-connection.ts';
import { findProvider } from '../../deployments/find-provider.ts';
import type { ConnectContext } from '../connect-context.ts';
import { listOrigins } from '../origins.ts';
import { generateSecret, hashSecret } from '../../credentials/random-secret.ts';
import { insertSession } from '../storage/insert-session.ts';
import { checkDefaults } from './check-defaults.ts';
import { requireConnectionName } from './connection-name.ts';

/** Where the hosted page is. */
export const connectPath = '/connect';

/** Secret scanners can find it, and it is taken for no API key. */
const tokenPrefix = 'tcs_';

/**
 * Lets one customer connect. The token may be given to the customer's browser.
 * @throws TenonError `not_found` (an integration, or the connection to renew), `request_invalid`, `origin_refused`
 */
export async function createSession(
  { connections }: ConnectContext,
  { environmentId, request }: { environmentId: number; request: ConnectSessionRequest },
): Promise<ConnectSession> {
  const { manifest } = await connections.manifests.getActive(environmentId);
  const publicUrl = connections.publicUrl();
  requireConnectionName(request);
  requireOneConnection(request);
  for (const integration of request.integrations ?? []) findProvider(manifest, integration);
  checkDefaults(manifest, request);
  requireReturnOrigin(request.returnUrl, listOrigins(manifest, publicUrl));
  if (request.reconnect) {
    const { integration, connection: name } = request.reconnect;
    findProvider(manifest, integration);
    await findConnection(connections.database, { environmentId, integration, name });
  }

  const token = tokenPrefix + generateSecret();
  const createdAt = new Date(connections.now());
  const expiresAt = new Date(createdAt.getTime() + request.expiresInSeconds * 1_000);
  const tokenHash = hashSecret(token);
  const id = await insertSession(connections.database, { environmentId, tokenHash, request, createdAt, expiresAt });
  return {
    id: String(id),
    token,
    url: `${publicUrl}${connectPath}#session=${token}`,
    expiresAt: expiresAt.toISOString(),
  };
}

function requireOneConnection({ reconnect, connection, integrations }: ConnectSessionRequest): void {
  if (!reconnect) return;
  if (integrations && !integrations.includes(reconnect.integration)) {
    throw contradiction('body.integrations', `expected ${reconnect.integration}, which is to be renewed`);
  }
  if (connection !== undefined && connection !== reconnect.connection) {
    throw contradiction('body.connection', `expected ${reconnect.connection}, which is to be renewed, or nothing`);
  }
}

function contradiction(path: string, message: string): TenonError {
  return new TenonError('request_invalid', `${path}: ${message}.`, { details: { problems: [{ path, message }] } });
}

/** Else anybody could use the server's page to send customers to a page of theirs. */
function requireReturnOrigin(returnUrl: string | undefined, origins: readonly string[]): void {
  if (returnUrl === undefined || origins.includes(new URL(returnUrl).origin)) return;
  throw new TenonError('origin_refused', `returnUrl leads to ${new URL(returnUrl).origin}, which is not allowed.`, {
    hint: 'Add the origin to connect.allowedOrigins in tenon.config.ts and deploy.',
  });
}
