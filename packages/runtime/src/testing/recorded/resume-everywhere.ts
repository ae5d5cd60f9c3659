import type { Recording } from '../../recording/recording-schema.ts';
import { compareOutcomes, type OutcomeDifference } from './compare-outcomes.ts';
import { replayRun, type ReplayedDefinition, type ReplayRunOptions } from './replay-run.ts';

export interface ResumeFinding {
  /** The run was ended when so many pages were committed. */
  readonly afterPage: number;
  readonly differences: readonly OutcomeDifference[];
}

/**
 * Ends a recorded run after each of its pages, as a killed process would, and goes on as the server does: with the
 * cursor, the checkpoint and the place in the list that were committed. Each time the same must come of it in the end.
 * @returns how many places were tried, and those at which something else came of it
 * @throws as replayRun
 */
export async function resumeEverywhere(
  definition: ReplayedDefinition,
  recording: Recording,
  options: Omit<ReplayRunOptions, 'crashAfterPage' | 'resume'>,
): Promise<{ places: number; findings: ResumeFinding[] }> {
  if (recording.kind !== 'sync') return { places: 0, findings: [] };
  const whole = await replayRun(definition, recording, options);
  const findings: ResumeFinding[] = [];
  for (let afterPage = 1; afterPage <= whole.pages; afterPage += 1) {
    const crashed = await replayRun(definition, recording, { ...options, crashAfterPage: afterPage });
    const resumed = await replayRun(definition, recording, { ...options, resume: crashed });
    const differences = compareOutcomes(whole.outcome, resumed.outcome);
    if (differences.length > 0) findings.push({ afterPage, differences });
  }
  return { places: whole.pages, findings };
}
