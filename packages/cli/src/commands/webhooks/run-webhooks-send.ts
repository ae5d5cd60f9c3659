import type { LogEntry, Run } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { forwardToSyncs } from '../../events/forward-to-syncs.ts';
import { findEventSource, type EventSource } from '../../events/find-event-source.ts';
import { readEventData } from '../../events/read-event-data.ts';
import { readEventHeaders } from '../../events/read-event-headers.ts';
import { followRun } from '../../follow/follow-run.ts';
import { runError } from '../../follow/run-error.ts';
import { formatLog } from '../../output/format-log.ts';
import { formatRun } from '../../output/format-run.ts';

export interface WebhooksSendFlags extends TargetFlags {
  readonly connection?: string;
  readonly data?: string;
  readonly header?: readonly string[];
}

/**
 * Sends an event to the syncs of a connection, as the provider would, and waits for what becomes of it.
 * @param name `<integration>.<sample event>` or `<integration>.<sync>`
 * @throws TenonError with the code that a run ended with
 */
export async function runWebhooksSend(
  context: CommandContext,
  name: string | undefined,
  flags: WebhooksSendFlags,
): Promise<void> {
  const { connection } = flags;
  if (name === undefined || connection === undefined) throw describeUse(name);
  const data = flags.data === undefined ? undefined : { body: await readEventData(flags.data, context) };
  const headers = readEventHeaders(flags.header ?? []);
  const source = await findEventSource(name, { cwd: context.cwd, hasData: data !== undefined });
  const event = { headers: { ...source.sample?.headers, ...headers }, ...(data ?? { body: source.sample?.body }) };
  await withServer(context, flags, async (server) => {
    const runs = await sendAndFollow(context, server, { source, event, connection });
    context.output.result({ event, runs });
    const error = runs.map(runError).find((one) => one !== undefined);
    if (error !== undefined) throw error;
  });
}

function describeUse(name: string | undefined): TenonError {
  return new TenonError(
    'usage_invalid',
    `\`tenon webhooks send\` needs to know ${name === undefined ? 'which event' : 'to whom'}.`,
    {
      hint:
        name === undefined
          ? 'Such as github.issues-opened; --list lists the sample events.'
          : `Write \`tenon webhooks send ${name} --connection user1\`.`,
    },
  );
}

async function sendAndFollow(
  { output, signal }: CommandContext,
  server: ApiClient,
  sending: {
    source: EventSource;
    event: { headers: Record<string, string>; body: unknown };
    connection: string;
  },
): Promise<Run[]> {
  const { source, event, connection } = sending;
  const ended = new AbortController();
  const end = () => ended.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    const triggered = await forwardToSyncs(server, {
      integration: source.integration,
      connection,
      event,
      syncs: source.syncs,
      signal,
    });
    const finished: Run[] = [];
    for (const { run } of triggered) {
      const progress = output.progress(`Running ${run.integration}/${run.function}`);
      const onLog = (entry: LogEntry) => {
        if (entry.level !== 'debug' || output.isVerbose) output.note(formatLog(entry, output.colors));
      };
      try {
        const events = await server.openEvents({ signal: ended.signal });
        const done = await followRun(server, run.id, { events, signal: ended.signal, onLog, pollMs: 500 });
        finished.push(done);
        progress.stop();
        output.line(formatRun(done, output.colors));
      } finally {
        progress.stop();
      }
    }
    return finished;
  } catch (error) {
    if (signal.aborted) throw signal.reason ?? new TenonError('interrupted', 'Interrupted.');
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    ended.abort();
  }
}
