import { sql, type Kysely } from 'kysely';
import type { WebhookEventType } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/** Which of these types an endpoint of the environment wants, in the order given. */
export async function findWantedTypes(
  database: Kysely<Schema>,
  { environmentId, types }: { environmentId: number; types: readonly WebhookEventType[] },
): Promise<WebhookEventType[]> {
  const { rows } = await sql<{ type: WebhookEventType }>`
    select asked.type from unnest(${[...types]}::text[]) with ordinality as asked(type, place)
    where exists (
      select from webhook_endpoints
      where environment_id = ${environmentId} and not disabled
        and (cardinality(events) = 0 or asked.type = any(events)))
    order by asked.place`.execute(database);
  return rows.map(({ type }) => type);
}
