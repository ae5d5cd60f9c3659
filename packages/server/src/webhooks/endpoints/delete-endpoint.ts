import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EndpointAddress } from './endpoint-context.ts';
import { endpointMissing } from './find-endpoint.ts';

/**
 * Removes an endpoint with its deliveries, those that wait too.
 * @throws TenonError `not_found`
 */
export async function deleteEndpoint(database: Kysely<Schema>, address: EndpointAddress): Promise<void> {
  const { numDeletedRows } = await database
    .deleteFrom('webhook_endpoints')
    .where('environment_id', '=', address.environmentId)
    .where('id', '=', address.id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw endpointMissing(address);
}
