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
}

/** @returns its id */
export async function insertApiKey(database: Kysely<Schema>, row: NewApiKeyRow): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into api_keys (environment_id, name, prefix, hash, scopes, expires_at)
    values (${row.environmentId}, ${row.name}, ${row.prefix}, ${row.hash}, ${[...row.scopes]}::text[],
      now() + make_interval(days => ${row.expiresInDays ?? null}::int))
    returning id`.execute(database);
  return Number(rows[0]?.id);
}
