import { TenonError } from '@tenon/runtime/errors';
import type { Engine } from '../engine.ts';
import type { Manifests } from './manifests.ts';
import { queueLaneRun } from './queue-lane-run.ts';
import type { RunContext } from './run-context.ts';
import type { TriggeredSync } from './trigger-sync.ts';

export interface EventToForward {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly sync: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Of two events of a sync with the same key, the second one is not taken: the first one's run is the answer. */
  readonly key?: string | undefined;
}

/**
 * Queues an event for a sync's onWebhook. When this resolves, the event is stored; events of a sync are processed one by
 * one in their order, beside its live runs.
 * @throws TenonError `not_found`, also for a sync without onWebhook
 */
export async function forwardEvent(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  { headers, body, key, ...place }: EventToForward,
): Promise<TriggeredSync> {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const event = {
    headers: Object.fromEntries(lowerCase),
    body: body ?? null,
    receivedAt: new Date(context.run.now()).toISOString(),
    ...(key !== undefined && { key }),
  };
  return queueLaneRun(context, { ...place, trigger: 'webhook', lane: 'webhook', event }, ({ hasWebhook, source }) => {
    if (hasWebhook) return;
    throw new TenonError('not_found', `The sync ${place.sync} of ${place.integration} takes no events.`, {
      hint: `Give ${source} an \`onWebhook\`, and deploy it.`,
    });
  });
}
