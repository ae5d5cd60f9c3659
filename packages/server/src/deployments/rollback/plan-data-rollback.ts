import type { Kysely } from 'kysely';
import type { DataRollbackPlan } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { countRestorable, type Restorable } from './queries/count-restorable.ts';
import { findRestorePoint } from './queries/find-restore-point.ts';

/** What taking the records back to when a version was active the last time would do, or why it cannot be done. */
export async function planDataRollback(
  { database, keepHistory }: { database: Kysely<Schema>; keepHistory: boolean },
  { environmentId, version }: { environmentId: number; version: number },
): Promise<DataRollbackPlan & { activationId: number | undefined }> {
  const point = await findRestorePoint(database, { environmentId, version });
  if (!point) {
    const refused = `What was there when version ${version} was active is not known: it never was, or that is longer ago than history is kept (TENON_HISTORY_DAYS).`;
    return { ...nothing, since: new Date(0).toISOString(), refused, activationId: undefined };
  }
  const found = await countRestorable(database, { environmentId, activationId: point.activationId });
  return {
    since: point.at.toISOString(),
    connections: found.connections,
    runs: found.runs,
    runsCancelled: found.unfinished,
    recordsRestored: found.restored,
    recordsDeleted: found.deleted,
    cursorsRestored: found.cursors,
    refused: findRefusal(found, keepHistory),
    activationId: point.activationId,
  };
}

const nothing = {
  connections: 0,
  runs: 0,
  runsCancelled: 0,
  recordsRestored: 0,
  recordsDeleted: 0,
  cursorsRestored: 0,
};

function findRefusal({ lost, pruned, connections }: Restorable, keepHistory: boolean): string | null {
  if (!keepHistory && connections > 0) return 'This server keeps no history of records (TENON_HISTORY_DAYS=0).';
  if (lost > 0) return `What ${lost} of the changed records were before is no longer kept (TENON_HISTORY_DAYS).`;
  if (pruned > 0) return `Not all changes since are still kept, in ${pruned} of the models of connections.`;
  return null;
}
