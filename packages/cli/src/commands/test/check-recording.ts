import { TenonError } from '@tenon/runtime/errors';
import { findSecrets, formatRecording, readRecording, refuseSecrets, type Recording } from '@tenon/runtime/recording';
import { compareOutcomes, type OutcomeDifference, type ResumeFinding } from '@tenon/runtime/testing';
import { removeControls } from '../../output/remove-controls.ts';
import type { FoundRecording } from '../../recordings/find-recordings.ts';
import { formatDifferences } from '../../recordings/format-differences.ts';
import type { Replays } from '../../replay/replays.ts';
import { planFiles } from '../../scaffold/plan-files.ts';
import { writeFiles } from '../../scaffold/write-files.ts';

const longestMessage = 160;

export interface CheckedRecording {
  readonly found: FoundRecording;
  readonly status: 'passed' | 'updated' | 'failed';
  /** What to print below its line. */
  readonly lines: readonly string[];
  readonly durationMs: number;
  readonly differences: readonly OutcomeDifference[];
  readonly error?: TenonError;
  /** Pages at which the run was ended and resumed. */
  readonly places?: number;
  readonly findings: readonly ResumeFinding[];
}

interface CheckOptions {
  readonly replays: Replays;
  readonly root: string;
  readonly update: boolean;
  readonly resumeEverywhere: boolean;
  readonly signal: AbortSignal;
}

/** Replays one recording. What is wrong with it is the result; only an abort and what nobody foresaw are thrown. */
export async function checkRecording(found: FoundRecording, options: CheckOptions): Promise<CheckedRecording> {
  const started = performance.now();
  const base = { found, differences: [], findings: [] };
  try {
    const judged = await judge(await readOwn(found), found, options);
    return { ...base, ...judged, durationMs: performance.now() - started };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof TenonError)) throw error;
    const lines = [error.message, ...(error.hint === undefined ? [] : [error.hint])];
    return { ...base, status: 'failed', lines, error, durationMs: performance.now() - started };
  }
}

type Judged = Pick<CheckedRecording, 'status' | 'lines'> & Partial<CheckedRecording>;

async function judge(recording: Recording, found: FoundRecording, options: CheckOptions): Promise<Judged> {
  const { replays, update, resumeEverywhere, signal } = options;
  const { outcome } = await replays.replay(recording, { signal });
  const differences = compareOutcomes(recording.outcome, outcome);
  const fixed = describeFix(recording, outcome);
  const lines = [...(fixed === undefined || update ? [] : [fixed]), ...formatDifferences(differences)];
  if (differences.length > 0) {
    if (!update) return { status: 'failed', lines, differences };
    await write({ ...recording, outcome }, { found, before: recording, options });
    return { status: 'updated', lines, differences };
  }
  if (!resumeEverywhere || recording.kind !== 'sync') return { status: 'passed', lines };
  const { places, findings } = await replays.resumeEverywhere(recording, { signal });
  if (findings.length === 0) return { status: 'passed', lines, places };
  return {
    status: 'failed',
    places,
    findings,
    lines: findings.flatMap(({ afterPage, differences: found }) => [
      `ended after page ${afterPage} and resumed, something else comes of it:`,
      ...formatDifferences(found).map((line) => `  ${line}`),
    ]),
  };
}

/** Of a recording of a failure that does not come any more, as after `tenon runs pull` and a fix. */
function describeFix({ outcome: expected }: Recording, actual: Recording['outcome']): string | undefined {
  if (actual.error) return undefined;
  const update = 'if that is the fix, run `tenon test --update`';
  if (expected.error) {
    const { code, message } = expected.error;
    return `expected the run to fail with ${code} (${firstLine(message)}), it succeeded: ${update}`;
  }
  const failed = Object.keys(expected.failedPartitions ?? {});
  const healed = failed.filter((partition) => actual.failedPartitions?.[partition] === undefined);
  if (healed.length === 0) return undefined;
  return `expected partitions to fail (${healed.join(', ')}), they succeeded: ${update}`;
}

function firstLine(text: string): string {
  const [line = ''] = removeControls(text).split('\n', 1);
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}...` : line;
}

/** @throws TenonError `recording_invalid` when the file says that it is of another function than its folders do */
async function readOwn(found: FoundRecording): Promise<Recording> {
  const recording = await readRecording(found.path, found.file);
  const { integration, name } = recording.function;
  if (`${integration}/${name}` === found.functionName) return recording;
  throw new TenonError('recording_invalid', `${found.file} is a recording of ${integration}/${name}.`, {
    hint: `Move it to tests/${integration}/${name}/, or correct \`function\` in it.`,
  });
}

/** What a script makes of a recording may hold what the recording must not: it is looked through as when recording. */
async function write(
  recording: Recording,
  { found, before, options }: { found: FoundRecording; before: Recording; options: CheckOptions },
): Promise<void> {
  const { file } = found;
  const { root, signal } = options;
  // What is there already, somebody let pass.
  refuseSecrets(recording.outcome, { allowed: findSecrets(before.outcome).map(({ path }) => path) });
  const text = formatRecording(recording, file);
  const { changes } = await planFiles(root, [{ path: file, text, ifDifferent: 'replace' }]);
  await writeFiles(root, { changes, signal });
}
