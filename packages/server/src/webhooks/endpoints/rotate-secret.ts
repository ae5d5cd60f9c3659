import type { CreatedWebhookEndpoint } from '@tenon/runtime/contract';
import { decrypt, encrypt } from '../../credentials/envelope.ts';
import { secretPlace, type EndpointAddress, type EndpointContext } from './endpoint-context.ts';
import { endpointMissing } from './find-endpoint.ts';
import { shownEndpointColumns, toEndpoint } from './to-endpoint.ts';
import { createWebhookSecret } from './webhook-secret.ts';

/** Long enough to give the receiver the new secret on a working day. */
const overlapMs = 24 * 3_600_000;

/**
 * Gives an endpoint a new secret. For a day deliveries carry both signatures, so that the receiver can change over
 * without losing any; then the old one is good for nothing.
 * @throws TenonError `not_found`
 */
export function rotateSecret(
  { database, keyring, now }: EndpointContext,
  address: EndpointAddress,
): Promise<CreatedWebhookEndpoint> {
  const secret = createWebhookSecret();
  return database.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('webhook_endpoints')
      .select(['id', 'secret'])
      .where('environment_id', '=', address.environmentId)
      .where('id', '=', address.id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw endpointMissing(address);
    const previous = await decrypt(row.secret, { keyring, place: secretPlace(row.id) });
    const updated = await transaction
      .updateTable('webhook_endpoints')
      .set({
        secret: encrypt(secret, { keyring, place: secretPlace(row.id) }),
        previous_secret: encrypt(previous, { keyring, place: secretPlace(row.id, 'previous_secret') }),
        previous_secret_expires_at: new Date(now() + overlapMs),
      })
      .where('id', '=', row.id)
      .returning(shownEndpointColumns)
      .executeTakeFirstOrThrow();
    return { ...toEndpoint(updated), secret };
  });
}
