import type { Recording } from '@tenon/runtime/recording';
import type { ReplayedRun, ResumeFinding } from '@tenon/runtime/testing';

/** Replaying recordings with the code of a project as it was when this was opened. Each replay evaluates it anew. */
export interface Replays {
  /**
   * @throws TenonError as replayRun; `not_found` when the project has no such function; `script_unresponsive` when the
   *   script keeps its thread to itself
   */
  replay(recording: Recording, options: { signal: AbortSignal }): Promise<Replayed>;
  /**
   * Completes a recording that was just made: with what comes of it, and with the times and random ids that its requests
   * have under the clock of a replay instead of those of the moment.
   * @throws TenonError as `replay`
   */
  adopt(recording: Recording, options: { signal: AbortSignal }): Promise<Recording>;
  /**
   * Ends the run after each of its pages and resumes it.
   * @throws TenonError as `replay`
   */
  resumeEverywhere(recording: Recording, options: { signal: AbortSignal }): Promise<ResumedEverywhere>;
}

export type Replayed = Pick<ReplayedRun, 'outcome' | 'log' | 'requests'>;

export interface ResumedEverywhere {
  /** Pages at which the run was ended and resumed. */
  readonly places: number;
  readonly findings: readonly ResumeFinding[];
}
