import type { Kysely } from 'kysely';
import type { WebhookEndpoint } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import type { EndpointAddress } from './endpoint-context.ts';
import { shownEndpointColumns, toEndpoint } from './to-endpoint.ts';

/** @throws TenonError `not_found` */
export async function findEndpoint(database: Kysely<Schema>, address: EndpointAddress): Promise<WebhookEndpoint> {
  const row = await database
    .selectFrom('webhook_endpoints')
    .select(shownEndpointColumns)
    .where('environment_id', '=', address.environmentId)
    .where('id', '=', address.id)
    .executeTakeFirst();
  if (row) return toEndpoint(row);
  throw endpointMissing(address);
}

export function endpointMissing({ id }: EndpointAddress): TenonError {
  return new TenonError('not_found', `There is no webhook endpoint ${id} in this environment.`, {
    hint: 'List those that exist with `tenon webhooks list` (GET /v1/webhooks/endpoints).',
  });
}
