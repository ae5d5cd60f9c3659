import { sql, type Kysely } from 'kysely';
import type { ApiScope } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface NewApiKeyRow {
  readonly environmentId: number;
  readonly name: string;
  readonly prefix: string;
  readonly hash: Buffer;
  readonly scopes: readonly ApiScope[];
  readonly expiresInDays: number | undefined;
  /** It ends then at the latest. */
  readonly endsBefore: Date | null;
}

/** @returns its id */
export async function insertApiKey(database: Kysely<Schema>, row: NewApiKeyRow): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into api_keys (environment_id, name, prefix, hash, scopes, expires_at)
    values (${row.environmentId}, ${row.name}, ${row.prefix}, ${row.hash}, ${[...row.scopes]}::text[],
      -- What is null is left out of it.
      least(now() + make_interval(days => ${row.expiresInDays ?? null}::int), ${row.endsBefore}::timestamptz))
    returning id`.execute(database);
  return Number(rows[0]?.id);
}
