import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { settleHold } from './queries/settle-hold.ts';
import { takeHold } from './take-hold.ts';

/**
 * Leaves the records of a hold as they are.
 * @throws TenonError `not_found`; `conflict` when it was decided before
 */
export async function discardHold(
  transaction: Kysely<Schema>,
  { now, ...given }: { environmentId: number; id: number; now: Date },
): Promise<void> {
  const { hold } = await takeHold(transaction, given);
  await settleHold(transaction, { id: hold.id, status: 'discarded', now });
}
