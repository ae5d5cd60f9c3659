import { sql } from 'kysely';
import type { CreatedWebhookEndpoint, WebhookEventType } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { encrypt } from '../../credentials/envelope.ts';
import { secretPlace, type EndpointContext } from './endpoint-context.ts';
import { shownEndpointColumns, toEndpoint } from './to-endpoint.ts';
import { createWebhookSecret } from './webhook-secret.ts';

/** Each event is a row for each endpoint that wants it; an environment with more than these is a mistake. */
const mostEndpoints = 50;

export interface NewEndpoint {
  readonly environmentId: number;
  readonly url: string;
  /** Empty: all. */
  readonly events: readonly WebhookEventType[];
  /** Whether a delivery waits for the earlier ones of the same connection. Default: false. */
  readonly ordered?: boolean | undefined;
  readonly description?: string | undefined;
}

/**
 * Registers a receiver of events from now on.
 * @returns the endpoint and, this once, the secret that its deliveries are signed with
 * @throws TenonError `conflict` when the environment has as many as it may have
 */
export async function createEndpoint(
  { database, keyring }: EndpointContext,
  { environmentId, url, events, ordered = false, description }: NewEndpoint,
): Promise<CreatedWebhookEndpoint> {
  const { count } = await database
    .selectFrom('webhook_endpoints')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('environment_id', '=', environmentId)
    .executeTakeFirstOrThrow();
  if (Number(count) >= mostEndpoints) {
    throw new TenonError(
      'conflict',
      `The environment has ${mostEndpoints} webhook endpoints, as many as it may have.`,
      {
        hint: 'Delete one that is not used any more, or let one receiver hand events on.',
      },
    );
  }
  const secret = createWebhookSecret();
  // The envelope is bound to the row, whose id must be known before it.
  const reserved = await sql<{ id: string }>`
    select nextval(pg_get_serial_sequence('webhook_endpoints', 'id')) as id`.execute(database);
  const id = Number(reserved.rows[0]?.id);
  await sql`
    insert into webhook_endpoints (id, environment_id, url, events, ordered, description, secret)
    overriding system value
    values (${id}, ${environmentId}, ${url}, ${[...events]}::text[], ${ordered}, ${description ?? null},
      ${encrypt(secret, { keyring, place: secretPlace(id) })})`.execute(database);
  const row = await database
    .selectFrom('webhook_endpoints')
    .select(shownEndpointColumns)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { ...toEndpoint(row), secret };
}
