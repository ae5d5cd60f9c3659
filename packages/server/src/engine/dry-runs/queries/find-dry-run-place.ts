import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { lentConfig, previewColumns, type ClaimedRun } from '../../runs/queries/claim-run.ts';

/** A connection, with what it may do in its environment, and its sync of a name where it has one. */
export interface DryRunPlace extends Pick<
  ClaimedRun,
  'blocks_writes' | 'budget_environment_id' | 'budget_connection_id'
> {
  readonly connection_id: number | string;
  readonly config: Record<string, string>;
  readonly metadata: Record<string, unknown>;
  readonly settings: Record<string, unknown>;
  readonly sync_id: number | string | null;
  readonly cursor_epoch: number | null;
}

/** Reads what a dry run stands on; nothing is locked, for nothing is written. */
export async function findDryRunPlace(
  database: Kysely<Schema>,
  {
    environmentId,
    integration,
    connection,
    name,
  }: { environmentId: number; integration: string; connection: string; name: string },
): Promise<DryRunPlace | undefined> {
  const { rows } = await sql<DryRunPlace>`
    select c.id as connection_id, ${lentConfig} as config, c.metadata, c.settings, s.id as sync_id, s.cursor_epoch,
      ${previewColumns}
    from connections c join environments e on e.id = c.environment_id left join syncs s on s.connection_id = c.id and s.sync = ${name}
    where c.environment_id = ${environmentId} and c.integration = ${integration}
      and c.name = ${connection}`.execute(database);
  return rows[0];
}
