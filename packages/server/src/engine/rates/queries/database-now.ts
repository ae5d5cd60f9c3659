import { sql, type RawBuilder } from 'kysely';

/** Unix time in milliseconds by the one clock that all servers share, or the given one. */
export function databaseNow(nowMs: number | undefined): RawBuilder<number> {
  return nowMs === undefined ? sql`extract(epoch from clock_timestamp())::float8 * 1000` : sql`${nowMs}::float8`;
}
