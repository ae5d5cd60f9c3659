import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface PreviewRow {
  readonly parentId: number;
  readonly name: string;
  /** Absent: as it is. */
  readonly ttlMs: number | undefined;
  readonly usualTtlMs: number;
  readonly allowWrites: boolean | undefined;
  readonly now: Date;
}

/**
 * Makes a preview, or changes the one of this name. An end that was asked for counts; else it lives for its TTL from now
 * on, or longer if it was to.
 */
export async function upsertPreview(
  transaction: Transaction<Schema>,
  row: PreviewRow,
): Promise<{ id: number; created: boolean }> {
  const { parentId, name, now } = row;
  const ttlMs = row.ttlMs ?? null;
  const allowWrites = row.allowWrites ?? null;
  const { rows } = await sql<{ id: number; created: boolean }>`
    insert into environments as e (name, parent_id, ttl_ms, expires_at, allows_writes)
    values (${name}, ${parentId}, coalesce(${ttlMs}::bigint, ${row.usualTtlMs}),
      ${now}::timestamptz + coalesce(${ttlMs}::bigint, ${row.usualTtlMs}) * interval '1 millisecond',
      coalesce(${allowWrites}::boolean, false))
    on conflict (parent_id, name) where parent_id is not null and deleting_at is null do update
    set ttl_ms = coalesce(${ttlMs}::bigint, e.ttl_ms),
      expires_at = case when ${ttlMs}::bigint is null
        then greatest(e.expires_at, ${now}::timestamptz + e.ttl_ms * interval '1 millisecond')
        else excluded.expires_at end,
      allows_writes = coalesce(${allowWrites}::boolean, e.allows_writes)
    returning id, xmax = 0 as created`.execute(transaction);
  const [stored] = rows;
  if (!stored) throw new Error('The insert of a preview returned no row.');
  return stored;
}
