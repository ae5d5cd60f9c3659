import type { Kysely } from 'kysely';
import { writeAudit } from '../audit/write-audit.ts';
import type { Schema } from '../database/schema.ts';
import { lockExpired } from './queries/lock-expired.ts';
import { markDeleted } from './queries/mark-deleted.ts';
import { selectExpired } from './queries/select-expired.ts';

const batchRows = 100;

/** Deletes previews whose time is over, and notes it in the audit log of their parents. @returns how many */
export async function expirePreviews(database: Kysely<Schema>, now: Date): Promise<number> {
  let expired = 0;
  for (const { id, name, parent_id: parentId } of await selectExpired(database, { now, limit: batchRows })) {
    await database.transaction().execute(async (transaction) => {
      if (!(await lockExpired(transaction, { environmentId: id, now }))) return;
      if (!(await markDeleted(transaction, { environmentId: id, now }))) return;
      expired += 1;
      await writeAudit(transaction, {
        actor: { environmentId: parentId, kind: 'system', id: null, name: null },
        action: 'environment.expire',
        subject: `environment:${name}`,
      });
    });
  }
  return expired;
}
