import type { Engine } from '../engine.ts';
import type { Manifests } from './manifests.ts';
import { queueLaneRun } from './queue-lane-run.ts';
import type { RunContext } from './run-context.ts';
import type { TriggeredSync } from './trigger-sync.ts';

/**
 * Queues a run that saves what a sync has in quarantine once more, through its models as they are now.
 * @throws TenonError `not_found`
 */
export function replayQuarantine(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  place: { environmentId: number; integration: string; connection: string; sync: string },
): Promise<TriggeredSync> {
  return queueLaneRun(context, { ...place, trigger: 'replay', lane: 'replay' });
}
