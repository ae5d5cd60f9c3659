import { sql, type Kysely } from 'kysely';

/**
 * A deployment that lets a sync read again begins a new epoch of its cursor. A run belongs to the epoch in which it
 * was queued, so one on older code can't bring the cursor back that was taken away meanwhile.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table syncs add column cursor_epoch integer not null default 0`.execute(database);
  await sql`alter table runs add column cursor_epoch integer not null default 0`.execute(database);
}
