import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Where cursors and feeds stood when a version became active: of use for as long as the versions of records are. */
export const removeActivations: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from activations where id in (
      select id from (select id, activated_at from activations order by id limit ${limit}::int) oldest
      where activated_at < ${before}::timestamptz
    ) and not exists (
      select from data_rollbacks b where b.activation_id = activations.id and b.finished_at is null
    )`.execute(database);
  return Number(numAffectedRows);
};
