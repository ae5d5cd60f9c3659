import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EnvironmentRow } from '../environment-row.ts';

/** An environment and its previews, oldest first; what is being deleted is not among them. */
export async function selectEnvironments(
  database: Kysely<Schema>,
  options: { homeId: number; name?: string | undefined; afterId?: number | undefined; limit: number },
): Promise<EnvironmentRow[]> {
  const { homeId, name = null, afterId = 0, limit } = options;
  const { rows } = await sql<EnvironmentRow>`
    select e.id, e.name, e.parent_id, p.name as parent, e.created_at, e.expires_at, e.ttl_ms, e.allows_writes,
      e.active_version,
      coalesce((
        select jsonb_agg(jsonb_build_object('integration', c.integration, 'connection', c.name)
          order by c.integration, c.name)
        from connections c where c.environment_id = e.id and c.lender_id is not null
      ), '[]') as borrowed
    from environments e left join environments p on p.id = e.parent_id
    where (e.id = ${homeId} or e.parent_id = ${homeId}) and e.deleting_at is null and e.id > ${afterId}
      and (${name}::text is null or e.name = ${name}::text)
    order by e.id limit ${limit}`.execute(database);
  return rows;
}
