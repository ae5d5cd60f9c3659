import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Notes what was decided about a locked hold. */
export async function settleHold(
  transaction: Kysely<Schema>,
  { id, status, now }: { id: number; status: 'approved' | 'discarded'; now: Date },
): Promise<void> {
  await sql`
    update holds set status = ${status}, decided_at = ${now}::timestamptz where id = ${id}::bigint`.execute(
    transaction,
  );
}
