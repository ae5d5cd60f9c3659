import type { Run } from '@tenon/runtime/contract';

/** Above every queued run: somebody waits for the answer. */
export const actionPriority = 100;

/** Who waits goes before what comes by the clock. */
export const priorities: Record<Run['trigger'], number> = {
  webhook: 50,
  undo: 10,
  manual: 10,
  api: 10,
  replay: 10,
  connect: 5,
  retry: 0,
  schedule: 0,
  backfill: -10,
};

export function runPriority(trigger: Run['trigger']): number {
  return priorities[trigger];
}
