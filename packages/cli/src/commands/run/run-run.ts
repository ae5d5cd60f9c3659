import type { LogEntry, Run } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { ConnectionRef } from '../../api-client/call-limits.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { followRun, readLogs } from '../../follow/follow-run.ts';
import { runError } from '../../follow/run-error.ts';
import { formatLog } from '../../output/format-log.ts';
import { formatRun } from '../../output/format-run.ts';
import type { Output } from '../../output/output.ts';
import { parsePair } from '../parse-pair.ts';
import { readJsonFlag } from '../read-json-flag.ts';

export interface RunFlags extends TargetFlags {
  readonly connection: string;
  readonly input?: string;
}

/**
 * Runs a sync or an action on the server and waits for its end.
 * @throws TenonError with the code that the run ended with
 */
export async function runRun(context: CommandContext, name: string, flags: RunFlags): Promise<void> {
  const [integration, functionName] = parsePair(name, '<integration>/<sync or action>');
  const ref = { integration, connection: flags.connection };
  const input = flags.input === undefined ? undefined : await readJsonFlag(flags.input, '--input', context);
  await withServer(context, flags, async (server) => {
    // Only actions take an input, and what is not a sync is an action.
    const isSync = flags.input === undefined && (await runSync(context, server, { ...ref, sync: functionName }));
    if (isSync) return;
    try {
      await runAction(context, server, { ref: { ...ref, action: functionName }, input: input ?? {} });
    } catch (error) {
      throw flags.input === undefined && isMissing(error, 'action') ? neither(name, error) : error;
    }
  });
}

/** @returns false when the server knows no such sync */
async function runSync(
  { output, signal }: CommandContext,
  server: ApiClient,
  ref: ConnectionRef & { sync: string },
): Promise<boolean> {
  const ended = new AbortController();
  try {
    const stop = AbortSignal.any([signal, ended.signal]);
    const events = await server.openEvents({ signal: stop });
    const triggered = await triggerOrUndefined(server, ref, signal);
    if (triggered === undefined) return false;
    if (triggered.alreadyRunning) output.note('It was running already; following that run.');
    const progress = output.progress(`Running ${ref.integration}/${ref.sync}`);
    const onLog = (entry: LogEntry) => printLog(output, entry);
    let run: Run;
    try {
      run = await followRun(server, triggered.run.id, { events, signal: stop, onLog });
    } finally {
      progress.stop();
    }
    const error = runError(run);
    if (error !== undefined) throw error;
    output.line(formatRun(run, output.colors));
    output.result({ run });
    return true;
  } finally {
    ended.abort();
  }
}

async function triggerOrUndefined(server: ApiClient, ref: ConnectionRef & { sync: string }, signal: AbortSignal) {
  try {
    return await server.triggerSync(ref, { signal });
  } catch (error) {
    if (isMissing(error, 'sync')) return undefined;
    throw error;
  }
}

/** The server says whether it is the function that it does not know; it may be the connection. */
function isMissing(error: unknown, kind: 'sync' | 'action'): error is TenonError {
  return error instanceof TenonError && error.code === 'not_found' && error.details?.['missing'] === kind;
}

function neither(name: string, error: TenonError): TenonError {
  return new TenonError('not_found', `The active version has no sync or action ${name}.`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    cause: error,
  });
}

async function runAction(
  { output, signal }: CommandContext,
  server: ApiClient,
  call: { ref: ConnectionRef & { action: string }; input: unknown },
): Promise<void> {
  const progress = output.progress(`Running ${call.ref.integration}/${call.ref.action}`);
  try {
    const result = await server.callAction(call.ref, call.input, { signal });
    progress.stop();
    for await (const entry of readLogs(server, result.runId, signal)) printLog(output, entry);
    output.line(JSON.stringify(result.output, null, 2));
    output.result(result);
  } finally {
    progress.stop();
  }
}

/** Beside the answer, on stderr. Every request is a debug entry, which few want to see. */
function printLog(output: Output, entry: LogEntry): void {
  if (entry.level !== 'debug' || output.isVerbose) output.note(formatLog(entry, output.colors));
}
