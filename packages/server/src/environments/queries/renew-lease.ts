import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Moves the end of a lease. @returns false: another process has it by now, or the environment is gone */
export async function renewLease(
  database: Kysely<Schema>,
  { environmentId, held, until }: { environmentId: number; held: Date; until: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('environments')
    .set({ sweep_lease_until: until })
    .where('id', '=', environmentId)
    .where('sweep_lease_until', '=', held)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
