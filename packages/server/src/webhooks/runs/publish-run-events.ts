import type { Kysely } from 'kysely';
import type { RunCounts, RunError, RunStatus, WebhookEventType } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { encodeFeedCursor } from '../../records/reading/feed-cursor.ts';
import { publishEvent } from '../publish-event.ts';
import { countQuarantined } from './queries/count-quarantined.ts';
import { findWantedTypes } from './queries/find-wanted-types.ts';
import { selectPendingHolds } from './queries/select-pending-holds.ts';
import { sumChanges } from './queries/sum-changes.ts';

/** A run that ended just now, as the transaction sees it that ends it. */
export interface EndedRun {
  readonly id: string;
  readonly environment_id: number;
  readonly sync_id: number | string | null;
  readonly integration: string;
  /** Name of the connection. */
  readonly connection: string;
  readonly function: string;
  readonly trigger: string;
  readonly status: RunStatus;
  readonly counts: RunCounts;
  readonly error: RunError | null;
}

const failures: ReadonlySet<RunStatus> = new Set(['failed', 'timed_out', 'lost', 'auth_failed']);

/**
 * Tells the app's webhooks what a run of a sync came to, in the transaction that ends it. Most runs change nothing and
 * cost nothing here; of the others, only what an endpoint wants is looked up.
 */
export async function publishRunEvents(transaction: Kysely<Schema>, run: EndedRun): Promise<void> {
  if (run.sync_id === null) return;
  const happened = listTypes(run);
  if (happened.length === 0) return;
  const wanted = await findWantedTypes(transaction, { environmentId: run.environment_id, types: happened });
  for (const type of wanted) {
    for (const more of await describe(transaction, { run, type })) {
      await publishEvent(transaction, {
        environmentId: run.environment_id,
        type,
        connection: { integration: run.integration, name: run.connection },
        data: {
          integration: run.integration,
          connection: run.connection,
          sync: run.function,
          runId: run.id,
          trigger: run.trigger,
          ...more,
        },
      });
    }
  }
}

/** In the order in which they are told. */
function listTypes({ status, counts }: EndedRun): WebhookEventType[] {
  const types: WebhookEventType[] = [];
  if (counts.added + counts.updated + counts.deleted > 0) types.push('records.changed');
  if (counts.quarantined > 0) types.push('sync.quarantined');
  // Also of a run that failed later on: what it held waits all the same.
  if (counts.held > 0) types.push('sync.held');
  if (failures.has(status)) types.push('sync.failed');
  return types;
}

/** What an event of this type holds beside the run; one for each model that changed. */
async function describe(
  transaction: Kysely<Schema>,
  { run, type }: { run: EndedRun; type: WebhookEventType },
): Promise<Array<Record<string, unknown>>> {
  switch (type) {
    case 'records.changed': {
      const changes = await sumChanges(transaction, run.id);
      return changes.map(({ dataset_id: datasetId, model, first, last, added, updated, deleted }) => ({
        model,
        counts: { added, updated, deleted },
        after: encodeFeedCursor({ datasetId, position: first - 1, base: first - 1, floor: 0 }),
        cursor: encodeFeedCursor({ datasetId, position: last, base: last, floor: 0 }),
      }));
    }
    case 'sync.quarantined':
      return [
        { quarantined: run.counts.quarantined, models: await countQuarantined(transaction, Number(run.sync_id)) },
      ];
    case 'sync.held':
      return [{ held: run.counts.held, holds: await selectPendingHolds(transaction, run.id) }];
    case 'sync.failed': {
      const { code, message, hint } = run.error ?? {};
      return [{ status: run.status, error: { code, message, ...(hint !== undefined && { hint }) } }];
    }
    default:
      return [];
  }
}
