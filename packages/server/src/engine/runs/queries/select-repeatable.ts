import { sql, type Kysely } from 'kysely';
import type { BackfillRange } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import type { ForwardedEvent } from '../../../database/tables/run-tables.ts';
import { runColumns, type RunRow } from '../run-row.ts';

/** A run with what it was given to do. */
export interface RepeatableRun extends RunRow {
  readonly event: ForwardedEvent | null;
  readonly range: BackfillRange | null;
}

export async function selectRepeatable(
  database: Kysely<Schema>,
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<RepeatableRun | undefined> {
  const { rows } = await sql<RepeatableRun>`
    select ${runColumns}, r.event, r.range from runs r join connections c on c.id = r.connection_id
    where r.id = ${runId} and r.environment_id = ${environmentId}`.execute(database);
  return rows[0];
}
