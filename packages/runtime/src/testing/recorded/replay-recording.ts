import { fileURLToPath } from 'node:url';
import type { ProviderHooksDefinition } from '../../define/define-provider-hooks.ts';
import type { Provider } from '../../provider/provider-schema.ts';
import { readRecording } from '../../recording/read-recording.ts';
import type { RecordedOutcome, Recording } from '../../recording/recording-schema.ts';
import type { RequestLogEntry } from '../../request/perform-call.ts';
import type { InMemoryLogEntry } from '../in-memory-run.ts';
import { compareOutcomes, type OutcomeDifference } from './compare-outcomes.ts';
import { findProvider } from './find-provider.ts';
import { replayRun, type ReplayedDefinition } from './replay-run.ts';

export interface ReplayRecordingOptions {
  /** Default: found as `tenon` does, in providers/ of the project or among those that the CLI ships. */
  provider?: Provider;
  /** Of the provider. Default: none. */
  hooks?: ProviderHooksDefinition;
  signal?: AbortSignal;
}

export interface ReplayedRecording {
  /** What came of the run now. */
  outcome: RecordedOutcome;
  /** What is recorded. */
  expected: RecordedOutcome;
  /** In what the two differ; empty: the recording holds. */
  differences: OutcomeDifference[];
  recording: Recording;
  log: readonly InMemoryLogEntry[];
  /** One entry an attempt, free of secrets. */
  requests: readonly RequestLogEntry[];
}

/**
 * Repeats a recorded run offline, with the recorded answers and clock, in any test runner. Strict: every request has to
 * be in the recording, and all of the recording has to be asked for.
 * @param definition the script's default export
 * @param file of `listRecordings`, or a path
 * @throws TenonError `replay_unmatched`, `replay_unused`, `replay_network`, `recording_invalid`, `recording_too_large`,
 *   `provider_unknown`. What the script fails with is in `outcome.error`.
 */
export async function replayRecording(
  definition: ReplayedDefinition,
  file: URL | string,
  options: ReplayRecordingOptions = {},
): Promise<ReplayedRecording> {
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  const recording = await readRecording(path);
  const provider = options.provider ?? (await findProvider(recording.provider, path));
  const { hooks, signal } = options;
  const { outcome, log, requests } = await replayRun(definition, recording, { provider, hooks, signal });
  const expected = recording.outcome;
  return { outcome, expected, differences: compareOutcomes(expected, outcome), recording, log, requests };
}
