import type { Kysely } from 'kysely';
import type { WebhookEndpoint, WebhookEventType } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { EndpointAddress } from './endpoint-context.ts';
import { endpointMissing } from './find-endpoint.ts';
import { shownEndpointColumns, toEndpoint } from './to-endpoint.ts';

export interface EndpointPatch {
  readonly url?: string | undefined;
  readonly events?: WebhookEventType[] | undefined;
  readonly ordered?: boolean | undefined;
  readonly description?: string | null | undefined;
  readonly disabled?: boolean | undefined;
}

/**
 * Changes what is given and leaves the rest. A disabled endpoint gets no new events; what waits for it goes on waiting.
 * @throws TenonError `not_found`
 */
export async function patchEndpoint(
  database: Kysely<Schema>,
  address: EndpointAddress,
  { url, events, ordered, description, disabled }: EndpointPatch,
): Promise<WebhookEndpoint> {
  const row = await database
    .updateTable('webhook_endpoints')
    .set((expression) => ({
      // At least one column has to be named.
      url: url ?? expression.ref('url'),
      ...(events && { events }),
      ...(ordered !== undefined && { ordered }),
      ...(description !== undefined && { description }),
      ...(disabled !== undefined && { disabled }),
    }))
    .where('environment_id', '=', address.environmentId)
    .where('id', '=', address.id)
    .returning(shownEndpointColumns)
    .executeTakeFirst();
  if (row) return toEndpoint(row);
  throw endpointMissing(address);
}
