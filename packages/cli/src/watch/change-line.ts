import type { Output } from '../output/output.ts';
import { formatDuration } from '../output/format-run.ts';
import { wait } from '../follow/wait.ts';
import { runningNote } from './running-version.ts';
import { showProblem } from './show-problem.ts';
import type { TypeOutcome } from './type-watch.ts';

/** What became of one save. */
export interface Change {
  readonly types: Promise<TypeOutcome>;
  /** Bundles that are new. */
  readonly bundles: number;
  /** What changed in the SDK, in words; undefined: nothing. */
  readonly sdk: string | undefined;
  /** Why the SDK could not be written. */
  readonly sdkError: unknown;
  /** That was made; undefined: the server had it all. */
  readonly version: number | undefined;
  /** That runs now. */
  readonly runs: number | undefined;
  /** From the save to live. */
  readonly liveMs: number;
}

export interface ChangeLineOptions {
  readonly output: Output;
  readonly root: string;
  /** Aborted: nobody waits for the types any more. */
  readonly signal: AbortSignal;
  /** How long the line waits for the type check, which goes on beside everything else. */
  readonly typesPatienceMs: number;
}

/** Prints the line of a change, with its types if they come in time; otherwise they get a line of their own. */
export async function printChange(change: Change, options: ChangeLineOptions): Promise<void> {
  const { output, root, signal } = options;
  const { colors } = output;
  const types = change.types.catch((error: unknown): TypeOutcome => ({ state: 'failed', error }));
  const patience = new AbortController();
  const stop = () => patience.abort();
  signal.addEventListener('abort', stop, { once: true });
  const outcome = await Promise.race([types, wait(options.typesPatienceMs, patience.signal).then(() => undefined)]);
  signal.removeEventListener('abort', stop);
  stop();
  const live =
    change.version === undefined ? colors.dim('nothing changed') : colors.green(`live in ${formatMs(change.liveMs)}`);
  const parts = [describeTypes(outcome, output), `bundle ${change.bundles}`, change.sdk, live];
  output.line(parts.filter((part) => part !== undefined).join(colors.dim(' · ')));
  output.event({
    type: 'change',
    types: outcome?.state ?? 'running',
    bundles: change.bundles,
    sdk: change.sdk ?? null,
    version: change.version ?? null,
    runs: change.runs ?? null,
    liveMs: Math.round(change.liveMs),
  });
  const note = runningNote(change.runs, 'with it');
  if (outcome?.state === 'failed') await showProblem(output, outcome.error, { root, note, runs: change.runs });
  if (change.sdkError !== undefined) await showProblem(output, change.sdkError, { root, runs: change.runs });
  // It was still running: it tells by itself, later.
  if (outcome === undefined && !signal.aborted) void types.then((late) => printLateTypes(late, change, options));
}

async function printLateTypes(
  outcome: TypeOutcome,
  { runs }: Change,
  { output, root, signal }: ChangeLineOptions,
): Promise<void> {
  if (signal.aborted || outcome.state === 'superseded') return;
  if (outcome.state === 'ok') return output.line('types ok');
  await showProblem(output, outcome.error, { root, note: runningNote(runs, 'with it'), runs });
}

function describeTypes(outcome: TypeOutcome | undefined, { colors }: Output): string | undefined {
  if (outcome === undefined || outcome.state === 'superseded') return undefined;
  if (outcome.state === 'ok') return 'types ok';
  return colors.red(outcome.error instanceof Error ? (outcome.error.message.split('\n')[0] ?? '') : 'types failed');
}

function formatMs(ms: number): string {
  return ms < 100 ? `${Math.round(ms)}ms` : formatDuration(ms);
}
