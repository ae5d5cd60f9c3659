import type { ConnectAttempt, Manifest } from '@tenon/runtime/contract';
import type { Credentials, Provider } from '@tenon/runtime/provider';
import { storeConnection } from '../../credentials/store-connection.ts';
import { toStoredToken } from '../../credentials/tokens/token-freshness.ts';
import { findProvider } from '../../deployments/find-provider.ts';
import type { ConnectContext } from '../connect-context.ts';
import { toCustomerError } from '../customer-error.ts';
import { claimAttempt, type ClaimedAttempt } from '../storage/claim-attempt.ts';
import { finishAttempt } from '../storage/finish-attempt.ts';
import { selectSession } from '../storage/select-session.ts';
import type { AttemptRow } from '../storage/select-attempt.ts';
import { authorizationExpired } from './attempt-errors.ts';
import { findReturnedAttempt, type ReturnedBrowser } from './find-returned-attempt.ts';
import { openPending } from './pending-authorization.ts';
import { redirectUriOf } from './redirect-uri.ts';
import { showAttempt } from './show-attempt.ts';
import { waitForAttempt } from './wait-for-attempt.ts';

/** A provider that needs longer for its token has failed. */
const deadlineMs = 30_000;

/**
 * Finishes an attempt with what a browser came back with: the code is exchanged once, however often the address is
 * opened, and whether or not the browser still waits. A reload hears how it ended.
 *
 * States: pending -> claimed -> succeeded or failed. The connection and `succeeded` commit together. A server that dies
 * between claiming and committing leaves the attempt pending; it then counts as expired, since the code may be used up.
 * @throws TenonError `authorization_invalid`
 */
export async function completeAttempt(
  context: ConnectContext,
  browser: ReturnedBrowser & { readonly requestId: string },
): Promise<ConnectAttempt> {
  const { database, now } = context.connections;
  const { row, state } = await findReturnedAttempt(context, browser);
  const claimed = await claimAttempt(database, { id: row.id, now: new Date(now()) });
  if (claimed) await finish(context, { id: row.id, claimed, state, browser });
  return showAttempt(await readEnd(context, row), { nowMs: now(), requestId: browser.requestId });
}

/** Two loads of the same address come together when a browser is nervous: the second one waits for the first. */
function readEnd(context: ConnectContext, { id, session_id: sessionId }: AttemptRow): Promise<AttemptRow> {
  return waitForAttempt(context, { id, sessionId }, { waitMs: deadlineMs, signal: new AbortController().signal });
}

interface Finishing {
  readonly id: string;
  readonly claimed: ClaimedAttempt;
  readonly state: string;
  readonly browser: ReturnedBrowser & { readonly requestId: string };
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
    const { code, message, hint, details } = toCustomerError(thrown, { displayName, integration, log: context.log });
    const error = { code, message, ...(hint !== undefined && { hint }), ...(details && { details }) };
    await finishAttempt(database, { id, error: { ...error, requestId: browser.requestId }, now: new Date(now()) });
  }
}

async function exchangeAndStore(
  { connections }: ConnectContext,
  { id, claimed, state, browser }: Finishing,
  { manifest, provider }: { manifest: Manifest; provider: Provider },
): Promise<void> {
  const { database, keyring, now } = connections;
  const { environment_id: environmentId, integration, config } = claimed;
  const session = await selectSession(database, { id: claimed.session_id });
  if (!session) throw authorizationExpired();
  const { token, captured } = await connections.access.completeAuthorization({
    provider,
    config,
    integration: await connections.integrations.resolve({ environmentId, manifest, integration, provider }),
    redirectUri: redirectUriOf(provider, { publicUrl: connections.publicUrl(), state }),
    state,
    pending: await openPending(claimed.pending, { keyring, rowId: claimed.row_id }),
    callback: browser.parameters,
    signal: AbortSignal.timeout(deadlineMs),
  });
  await storeConnection(
    connections,
    {
      environmentId,
      integration,
      name: claimed.connection,
      credentials: emptyCredentials(provider.auth.mode),
      token: toStoredToken(token, now()),
      config,
      captured,
      settings: claimed.settings ?? undefined,
      metadata: session.request.defaults[integration]?.metadata,
      endUser: session.request.endUser,
      mustExist: session.request.reconnect !== undefined,
    },
    {
      manifest,
      alongside: (transaction) => finishAttempt(transaction, { id, error: null, now: new Date(now()) }),
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
