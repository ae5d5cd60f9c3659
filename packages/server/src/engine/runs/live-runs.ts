import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EngineLog } from '../engine-log.ts';
import { beatRuns } from './queries/beat-runs.ts';

/** Why a run was told to stop: its user, another owner of it, or this server going away. */
export type AbortReason = 'cancelled' | 'disowned' | 'stopping';

/** A run that this process executes. */
export interface LiveRun {
  readonly signal: AbortSignal;
  /** undefined: nobody told it to stop. */
  abortReason(): AbortReason | undefined;
  /** The first reason counts. */
  abort(reason: AbortReason): void;
  end(): void;
}

/** The runs of this process: says of them all, in one statement, that they live, and learns which to stop. */
export interface LiveRuns {
  begin(run: { id: string; attempt: number }): LiveRun;
  /** Does nothing when this process doesn't execute the run. */
  abort(runId: string, reason: AbortReason): void;
  abortAll(reason: AbortReason): void;
  /** Beats now rather than at the next interval. */
  beat(): Promise<void>;
  close(): void;
}

interface Entry {
  readonly attempt: number;
  readonly run: LiveRun;
}

/** @param context.heartbeatMs must be well below the age at which a reaper calls a run lost */
export function createLiveRuns(context: {
  database: Kysely<Schema>;
  log: EngineLog;
  owner: string;
  heartbeatMs: number;
}): LiveRuns {
  const entries = new Map<string, Entry>();
  const timer = setInterval(() => void beat(), context.heartbeatMs);
  timer.unref();

  async function beat(): Promise<void> {
    const beaten = new Map(entries);
    if (beaten.size === 0) return;
    try {
      const living = await beatRuns(context.database, { owner: context.owner, runIds: [...beaten.keys()] });
      const byId = new Map(living.map((run) => [run.id, run]));
      for (const [id, { attempt, run }] of beaten) {
        const mine = byId.get(id);
        if (mine?.attempt !== attempt) run.abort('disowned');
        else if (mine.cancel_requested) run.abort('cancelled');
      }
    } catch (error) {
      // Nothing is known: whatever a run writes next shows whether it is still ours.
      context.log.warn({ err: error }, 'the heartbeat of the running runs could not be written');
    }
  }

  return {
    begin({ id, attempt }) {
      const controller = new AbortController();
      let reason: AbortReason | undefined;
      const run: LiveRun = {
        signal: controller.signal,
        abortReason: () => reason,
        abort(newReason) {
          reason ??= newReason;
          controller.abort(reason);
        },
        end() {
          if (entries.get(id)?.run === run) entries.delete(id);
        },
      };
      entries.set(id, { attempt, run });
      return run;
    },
    abort: (runId, reason) => entries.get(runId)?.run.abort(reason),
    abortAll(reason) {
      for (const { run } of entries.values()) run.abort(reason);
    },
    beat,
    close: () => clearInterval(timer),
  };
}
