import { TenonError } from '@tenon/runtime/errors';
import type { Engine } from '../engine.ts';
import type { Manifests } from './manifests.ts';
import { selectRepeatable } from './queries/select-repeatable.ts';
import { setParentRun } from './queries/set-parent-run.ts';
import { queueLaneRun } from './queue-lane-run.ts';
import type { RunContext } from './run-context.ts';
import { isRunId, runMissing } from './run-queries.ts';
import { triggerSync, type TriggeredSync } from './trigger-sync.ts';

/**
 * Queues a new run that does what an ended one did, on the active version: with its event or its range, where it had
 * one. For a live run whose sync has an unfinished one, that is the answer.
 * @throws TenonError `not_found`; `conflict` when it has not ended, or cannot be repeated
 */
export async function retryRun(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<TriggeredSync> {
  const { database } = context.run;
  const ended = isRunId(runId) ? await selectRepeatable(database, { environmentId, runId }) : undefined;
  if (!ended) throw runMissing(runId);
  if (ended.kind === 'action') {
    throw new TenonError('conflict', 'The run of an action cannot be repeated, because its input is not kept.', {
      hint: `Call the action again: POST /v1/connections/${ended.integration}/${ended.connection}/actions/${ended.function}.`,
    });
  }
  if (ended.trigger === 'undo') {
    throw new TenonError('conflict', 'What took back the changes of another run cannot be repeated.', {
      hint: 'Undo that run once more.',
    });
  }
  if (ended.finished_at === null) {
    throw new TenonError('conflict', `The run is ${ended.status}.`, { hint: 'Wait for its end, or cancel it first.' });
  }
  const { integration, connection, function: sync } = ended;
  const place = { environmentId, integration, connection, sync };
  if (ended.lane !== 'live') {
    const { key: _key, ...event } = ended.event ?? { headers: {}, body: null, receivedAt: '' };
    return queueLaneRun(context, {
      ...place,
      trigger: ended.trigger,
      lane: ended.lane,
      ...(ended.event && { event }),
      ...(ended.range && { range: ended.range }),
      parentRunId: runId,
    });
  }
  const triggered = await triggerSync(context, { ...place, trigger: 'retry' });
  if (triggered.created) await setParentRun(database, { runId: triggered.run.id, parentRunId: runId });
  return triggered;
}
