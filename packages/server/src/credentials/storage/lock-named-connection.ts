import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** A connection by its name, locked until the transaction ends: no token of before is stored over what comes now. */
export async function lockNamedConnection(
  transaction: Transaction<Schema>,
  address: { environmentId: number; integration: string; name: string },
) {
  return transaction
    .selectFrom('connections')
    .select(['id', 'config', 'settings', 'metadata', 'lender_id'])
    .where('environment_id', '=', address.environmentId)
    .where('integration', '=', address.integration)
    .where('name', '=', address.name)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export type NamedConnection = NonNullable<Awaited<ReturnType<typeof lockNamedConnection>>>;
