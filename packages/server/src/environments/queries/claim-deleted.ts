import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * Takes an environment that is being deleted, the one that waits longest, for this process alone until the lease ends:
 * one whose process was killed is taken up by another then. One that has previews left comes after them.
 */
export async function claimDeleted(
  database: Kysely<Schema>,
  { now, until }: { now: Date; until: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    update environments set sweep_lease_until = ${until}
    where id = (
      select id from environments e
      where deleting_at is not null and (sweep_lease_until is null or sweep_lease_until <= ${now})
        and not exists (select from environments child where child.parent_id = e.id)
      order by deleting_at limit 1
      for no key update skip locked
    )
    returning id`.execute(database);
  return rows[0]?.id;
}
