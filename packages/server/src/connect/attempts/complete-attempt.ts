import type { ConnectAttempt, Manifest } from '@tenon/runtime/contract';
import type { Credentials } from '@tenon/runtime/provider';
import { storeConnection } from '../../credentials/store-connection.ts';
import { takeSecrets } from '../../credentials/take-secrets.ts';
import type { DeployedProvider } from '../../deployments/deployed-provider.ts';
import { findProvider } from '../../deployments/find-provider.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import type { ConnectContext } from '../connect-context.ts';
import { sessionActor } from '../sessions/session-actor.ts';
import { toCustomerError } from '../customer-error.ts';
import { claimAttempt, type ClaimedAttempt } from '../storage/claim-attempt.ts';
import { finishAttempt } from '../storage/finish-attempt.ts';
import { selectSession } from '../storage/select-session.ts';
import type { AttemptRow } from '../storage/select-attempt.ts';
import { authorizationExpired } from './attempt-errors.ts';
import { abandonedAfterMs, exchangeDeadlineMs } from './attempt-status.ts';
import { findReturnedAttempt, type ReturnedBrowser } from './find-returned-attempt.ts';
import { openStarted } from './pending-authorization.ts';
import { redirectUriOf } from './redirect-uri.ts';
import { showAttempt } from './show-attempt.ts';
import { waitForAttempt } from './wait-for-attempt.ts';

/**
 * Finishes an attempt with what a browser came back with: the code is exchanged once, however often the address is
 * opened, and whether or not the browser still waits. A reload hears how it ended.
 *
 * States: pending -> claimed -> succeeded or failed. The connection and `succeeded` commit together. A server that dies
 * between claiming and committing leaves the attempt claimed; soon after it counts as expired, since the code may be used up.
 * @throws TenonError `authorization_invalid`
 */
export async function completeAttempt(context: ConnectContext, browser: ReturningBrowser): Promise<ConnectAttempt> {
  const { database, now } = context.connections;
  const { row, state } = await findReturnedAttempt(context, browser);
  const claimed = await claimAttempt(database, { id: row.id, now: new Date(now()) });
  if (claimed) await finish(context, { id: row.id, claimed, state, browser });
  return showAttempt(context, await readEnd(context, row), { requestId: browser.requestId });
}

/**
 * Two loads of the same address come together when a browser is nervous: the second one waits for the first, or until
 * it is sure that nobody is at it any more.
 */
function readEnd(context: ConnectContext, { id, session_id: sessionId }: AttemptRow): Promise<AttemptRow> {
  return waitForAttempt(
    context,
    { id, sessionId },
    { waitMs: abandonedAfterMs + 1_000, signal: new AbortController().signal },
  );
}

interface ReturningBrowser extends ReturnedBrowser {
  /** For the audit log. */
  readonly address: string;
  readonly requestId: string;
}

interface Finishing {
  readonly id: string;
  readonly claimed: ClaimedAttempt;
  readonly state: string;
  readonly browser: ReturningBrowser;
}

async function finish(context: ConnectContext, finishing: Finishing): Promise<void> {
  const { id, claimed, browser } = finishing;
  const { database, now, manifests } = context.connections;
  const { integration } = claimed;
  let displayName = integration;
  try {
    const { manifest } = await manifests.getActive(claimed.environment_id);
    const provider = findProvider(manifest, integration);
    ({ displayName } = provider);
    await exchangeAndStore(context, finishing, { manifest, provider });
  } catch (thrown) {
    const failed = { displayName, integration, flow: 'redirect' as const, log: context.log };
    const { code, message, hint, details } = toCustomerError(thrown, failed);
    const error = { code, message, ...(hint !== undefined && { hint }), ...(details && { details }) };
    await finishAttempt(database, { id, error: { ...error, requestId: browser.requestId }, now: new Date(now()) });
  }
}

async function exchangeAndStore(
  { connections }: ConnectContext,
  { id, claimed, state, browser }: Finishing,
  { manifest, provider }: { manifest: Manifest; provider: DeployedProvider },
): Promise<void> {
  const { database, keyring, now } = connections;
  const { environment_id: environmentId, integration, config } = claimed;
  const session = await selectSession(database, { id: claimed.session_id });
  if (!session || !claimed.pending) throw authorizationExpired();
  const { pending } = await openStarted(claimed.pending, { keyring, rowId: claimed.row_id });
  const { token, captured } = await connections.access.completeAuthorization({
    environmentId,
    provider,
    config,
    integration: await connections.integrations.resolve({ environmentId, manifest, integration, provider }),
    redirectUri: redirectUriOf(provider, { publicUrl: connections.publicUrl(), state }),
    state,
    pending,
    callback: browser.parameters,
    signal: AbortSignal.timeout(exchangeDeadlineMs),
  });
  await storeConnection(
    connections,
    {
      environmentId,
      integration,
      name: claimed.connection,
      provider,
      ...takeSecrets(provider, { credentials: emptyCredentials(provider.auth.mode), token, nowMs: now() }),
      config,
      captured,
      settings: claimed.settings ?? undefined,
      metadata: session.request.defaults[integration]?.metadata,
      endUser: session.request.endUser,
      mustExist: session.request.reconnect !== undefined,
    },
    {
      manifest,
      async alongside(transaction) {
        await finishAttempt(transaction, { id, error: null, now: new Date(now()) });
        await writeAudit(transaction, {
          actor: sessionActor(session),
          action: 'connection.connect',
          subject: `connection:${integration}/${claimed.connection}`,
          details: { attempt: id },
          address: browser.address,
          requestId: browser.requestId,
        });
      },
    },
  );
}

/** Nothing that the customer typed: all there is came with the token. */
function emptyCredentials(mode: string): Credentials {
  switch (mode) {
    case 'oauth1':
      return { mode, values: {} };
    case 'app':
    case 'mcp_oauth':
      return { mode };
    default:
      return { mode: 'oauth2' };
  }
}
