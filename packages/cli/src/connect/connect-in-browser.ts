import { isServerAway } from '../api-client/is-server-away.ts';
import type { ConnectSessionState, CreateConnectSession } from '@tenon/runtime/contract';
import { isErrorCode, TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../api-client/api-client.ts';
import type { ConnectionRef } from '../api-client/call-limits.ts';
import type { CommandContext } from '../command-context.ts';
import { wait } from '../follow/wait.ts';

export interface BrowserConnection {
  readonly session: CreateConnectSession;
  /** What has to be connected for the command to be done. */
  readonly wanted: ConnectionRef;
  /** Resolves with whether a browser was opened; absent: the user opens the address. */
  readonly open?: (url: string) => Promise<boolean>;
  /** Milliseconds between two questions. */
  readonly pollMs?: number;
}

type ConnectServer = Pick<
  ApiClient,
  'createConnectSession' | 'getConnectSession' | 'deleteConnectSession' | 'getConnection'
>;

const defaultPollMs = 1_000;
const createTimeoutMs = 10_000;
const cleanupTimeoutMs = 3_000;

/**
 * Makes a connect session, shows its address and waits until the customer has consented. Interrupted, it takes the
 * session back.
 * @throws TenonError what the attempt failed with (`authorization_denied` and others), `authorization_expired`
 */
export async function connectInBrowser(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  server: ConnectServer,
  { session: request, wanted, open, pollMs = defaultPollMs }: BrowserConnection,
): Promise<void> {
  // Not ended by the signal: a session whose answer nobody waited for could not be taken back.
  const session = await server.createConnectSession(request, { timeoutMs: createTimeoutMs });
  let progress: { stop(): void } | undefined;
  try {
    signal.throwIfAborted();
    output.event({ type: 'open', url: session.url, expiresAt: session.expiresAt });
    const isOpened = open !== undefined && (await open(session.url));
    output.line(isOpened ? 'Opened in your browser; if it did not appear, open:' : 'Open this address in a browser:');
    output.line(`  ${output.colors.cyan(session.url)}`);
    progress = output.progress('Waiting for the browser');
    for (;;) {
      await wait(pollMs, signal);
      signal.throwIfAborted();
      const state = await askState(server, session.id, signal);
      const isDone = state?.connected.some(
        ({ integration, connection }) => integration === wanted.integration && connection === wanted.connection,
      );
      if (isDone) return;
      if (state?.error) throw attemptError(state.error);
      if (state?.status === 'expired' || Date.now() > Date.parse(session.expiresAt)) {
        throw new TenonError('authorization_expired', 'Nobody connected the account in time.', {
          hint: 'Run the command again.',
        });
      }
    }
  } catch (error) {
    if (signal.aborted) await takeBack(server, session.id);
    throw error;
  } finally {
    progress?.stop();
  }
}

/** Undefined when the server cannot be reached just now: a customer at a consent page does not notice a restart. */
async function askState(
  server: ConnectServer,
  id: string,
  signal: AbortSignal,
): Promise<ConnectSessionState | undefined> {
  try {
    return await server.getConnectSession(id, { signal });
  } catch (error) {
    if (isServerAway(error)) return undefined;
    throw error;
  }
}

async function takeBack(server: ConnectServer, id: string): Promise<void> {
  // It expires by itself where this fails.
  await server.deleteConnectSession(id, { timeoutMs: cleanupTimeoutMs }).catch(() => {});
}

function attemptError({ code, message, hint }: NonNullable<ConnectSessionState['error']>): TenonError {
  return new TenonError(isErrorCode(code) ? code : 'authorization_invalid', message, {
    ...(hint !== undefined && { hint }),
    details: { code },
  });
}
