import type { LiveEvent, Run } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import { runError } from '../follow/run-error.ts';
import { wait } from '../follow/wait.ts';
import { formatLog } from '../output/format-log.ts';
import { formatRun } from '../output/format-run.ts';
import type { Output } from '../output/output.ts';
import { codeFrame, type Place } from './code-frame.ts';

export interface RunStream {
  readonly output: Output;
  readonly root: string;
  readonly signal: AbortSignal;
  /** Milliseconds before a broken stream is opened again. Default 500. */
  readonly reconnectMs?: number;
}

/** Prints a line for every run that ends and every entry that scripts log, until the signal is aborted. */
export async function streamRuns(server: Pick<ApiClient, 'openEvents'>, stream: RunStream): Promise<void> {
  const { signal } = stream;
  while (!signal.aborted) {
    try {
      for await (const event of await server.openEvents({ signal })) await printEvent(event, stream);
    } catch (error) {
      if (!signal.aborted) stream.output.event({ type: 'events-lost', message: String(error) });
    }
    await wait(stream.reconnectMs ?? 500, signal);
  }
}

async function printEvent(event: LiveEvent, { output, root }: RunStream): Promise<void> {
  const { colors } = output;
  if (event.type === 'log') {
    if (event.entry.level === 'debug' && !output.isVerbose) return;
    const from = `${event.run.integration}/${event.run.function} ${event.run.connection}`;
    output.line(`  ${colors.dim(from)} ${formatLog(event.entry, colors)}`);
    output.event(event);
  } else if (event.type === 'run.finished') {
    output.line(formatRun(event.run, colors));
    await printRunError(event.run, { output, root });
    output.event(event);
  }
}

async function printRunError(run: Run, { output, root }: { output: Output; root: string }): Promise<void> {
  const error = runError(run);
  if (error === undefined) return;
  const { colors } = output;
  output.line(`  ${colors.red(error.code)} ${run.error?.message ?? error.message}`);
  const place = run.error?.stack === undefined ? undefined : firstPlace(run.error.stack);
  if (place !== undefined) {
    output.line(`  ${colors.dim(`${place.file}:${place.line}`)}`);
    for (const line of await codeFrame(place, { root, colors })) output.line(`  ${line}`);
  }
  if (run.error?.hint !== undefined) output.line(`  ${colors.cyan('hint')} ${run.error.hint}`);
}

/** The first frame of a stack that lies in the project: `at run (integrations/github/syncs/issues.ts:12:5)`. */
function firstPlace(stack: string): Place | undefined {
  const [, file, line, column] = /((?:integrations|lib|src)\/[^\s():]+):(\d+):(\d+)/.exec(stack) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}
