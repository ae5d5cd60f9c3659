import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Stores the capture of an attempt in the place of an earlier attempt's, if its run is still there. */
export async function putCapture(
  database: Kysely<Schema>,
  { id, runId, attempt, envelope, now }: { id: number; runId: string; attempt: number; envelope: Buffer; now: Date },
): Promise<void> {
  await sql`
    insert into run_captures (id, run_id, attempt, capture, created_at)
    select ${id}::bigint, r.id, ${attempt}::int, ${envelope}::bytea, ${now}::timestamptz from runs r
    where r.id = ${runId}::uuid
    on conflict (run_id) do update set id = excluded.id, attempt = excluded.attempt, capture = excluded.capture,
      created_at = excluded.created_at
      where run_captures.attempt <= excluded.attempt`.execute(database);
}
