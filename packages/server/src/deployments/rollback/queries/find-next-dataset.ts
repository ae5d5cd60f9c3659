import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** The next dataset of an environment, by id, whose feed went on since an activation, and where it stood then. */
export async function findNextDataset(
  database: Kysely<Schema>,
  options: { environmentId: number; activationId: number; after: number },
): Promise<{ datasetId: number; position: number } | undefined> {
  const { rows } = await sql<{ id: number; position: number }>`
    select d.id, coalesce(p.position, 0) as position
    from connections c join datasets d on d.connection_id = c.id
      left join activation_positions p on p.dataset_id = d.id and p.activation_id = ${options.activationId}
    where c.environment_id = ${options.environmentId} and d.id > ${options.after}
      and d.position > coalesce(p.position, 0)
    order by d.id limit 1`.execute(database);
  const [row] = rows;
  return row && { datasetId: Number(row.id), position: Number(row.position) };
}
