import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { Rename } from '../renames/rename.ts';

/**
 * Gives what is stored its new names: rows stay the same rows, so cursors, schedules, records and places in feeds do
 * too. What is left of an earlier thing with the new name gets the old one, so that nothing is lost, and going back is
 * the same step. Runs keep the name under which they ran; those that wait run the new version's code.
 *
 * Locks in the order of the end of a run (syncs, then datasets), and only then takes the stronger lock that a change of
 * a name needs: whoever writes a page holds its dataset first.
 */
export async function applyRenames(
  transaction: Transaction<Schema>,
  { environmentId, version, renames }: { environmentId: number; version: number; renames: readonly Rename[] },
): Promise<void> {
  if (renames.length === 0) return;
  await sql`select id from syncs where environment_id = ${environmentId} order by id for no key update`.execute(
    transaction,
  );
  // Integrations come first: what belongs to them is looked for under their new names.
  for (const rename of renames) {
    const { kind, integration, from, to } = rename;
    if (kind === 'integration') await renameIntegration(transaction, { environmentId, from, to });
    if (kind === 'model') await renameModel(transaction, { environmentId, integration, from, to });
    if (kind === 'sync') {
      const rows = sql`environment_id = ${environmentId} and integration = ${integration}`;
      await swap(transaction, { table: 'syncs', column: 'sync', rows, from, to });
    }
  }
  await sql`
    update runs r set version = ${version}, integration = s.integration, function = s.sync, cursor_epoch = s.cursor_epoch
    from syncs s
    where s.id = r.sync_id and s.environment_id = ${environmentId} and r.status = 'queued'
      and s.integration = any(${renames.map(({ integration }) => integration)}::text[])`.execute(transaction);
}

interface Names {
  readonly environmentId: number;
  readonly from: string;
  readonly to: string;
}

async function renameIntegration(transaction: Transaction<Schema>, { environmentId, from, to }: Names): Promise<void> {
  const rows = sql`environment_id = ${environmentId}`;
  await swap(transaction, { table: 'connections', column: 'integration', rows, from, to });
  await swap(transaction, { table: 'syncs', column: 'integration', rows, from, to });
}

/** A run on older code would save to a dataset of the old name: it may not move the cursor past what it saves there. */
async function renameModel(
  transaction: Transaction<Schema>,
  { environmentId, integration, from, to }: Names & { integration: string },
): Promise<void> {
  const ofIntegration = sql`select id from connections
    where environment_id = ${environmentId} and integration = ${integration}`;
  await sql`select id from datasets where connection_id in (${ofIntegration}) and model in (${from}, ${to})
    order by id for no key update`.execute(transaction);
  const rows = sql`connection_id in (${ofIntegration})`;
  await swap(transaction, { table: 'datasets', column: 'model', rows, from, to });
  await sql`update syncs set cursor_epoch = cursor_epoch + 1
    where environment_id = ${environmentId} and integration = ${integration}`.execute(transaction);
}

/** In three steps: names are unique at every moment. No name begins with a tilde. */
async function swap(
  transaction: Transaction<Schema>,
  options: { table: string; column: string; rows: RawBuilder<unknown>; from: string; to: string },
): Promise<void> {
  const { table, column, rows, from, to } = options;
  const steps = [
    [to, `~${to}`],
    [from, to],
    [`~${to}`, from],
  ] as const;
  for (const [before, after] of steps) {
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${after}
      where ${rows} and ${sql.ref(column)} = ${before}`.execute(transaction);
  }
}
