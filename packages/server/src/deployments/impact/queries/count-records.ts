import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface RecordCounts {
  readonly live: number;
  readonly quarantined: number;
}

/** The records of models over all connections of an integration, as the datasets count them. */
export async function countRecords(
  database: Kysely<Schema>,
  options: { environmentId: number; integration: string; models: readonly string[] },
): Promise<RecordCounts> {
  const { rows } = await sql<RecordCounts>`
    select coalesce(sum(d.live_count), 0)::float8 as live, coalesce(sum(d.quarantined_count), 0)::float8 as quarantined
    from connections c join datasets d on d.connection_id = c.id
    where c.environment_id = ${options.environmentId} and c.integration = ${options.integration}
      and d.model = any(${[...options.models]}::text[])`.execute(database);
  return rows[0] ?? { live: 0, quarantined: 0 };
}
