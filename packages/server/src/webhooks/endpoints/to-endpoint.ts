import type { Selectable } from 'kysely';
import type { WebhookEndpoint } from '@tenon/runtime/contract';
import type { WebhookEndpointsTable } from '../../database/tables/webhook-tables.ts';

/** Every column that the API may show; never the secrets. */
export const shownEndpointColumns = [
  'id',
  'url',
  'events',
  'description',
  'ordered',
  'disabled',
  'created_at',
  'previous_secret_expires_at',
] as const;

type ShownEndpointRow = Pick<Selectable<WebhookEndpointsTable>, (typeof shownEndpointColumns)[number]>;

export function toEndpoint(row: ShownEndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    description: row.description,
    ordered: row.ordered,
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
    previousSecretExpiresAt: row.previous_secret_expires_at?.toISOString() ?? null,
  };
}
