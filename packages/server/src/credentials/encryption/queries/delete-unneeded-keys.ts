import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Deletes the keys that another one replaced at least `graceSeconds` ago, but for those that are still needed. */
export async function deleteUnneededKeys(
  transaction: Transaction<Schema>,
  { needed, graceSeconds }: { needed: readonly Buffer[]; graceSeconds: number },
): Promise<Buffer[]> {
  const { rows } = await sql<{ id: Buffer }>`
    delete from data_keys
    where id in (
      select id from (
        select id, lead(created_at) over (order by created_at, id) as replaced_at from data_keys
      ) as keys
      where replaced_at < clock_timestamp() - make_interval(secs => ${graceSeconds})
    ) and id <> all (${needed}::bytea[])
    returning id`.execute(transaction);
  return rows.map(({ id }) => id);
}
