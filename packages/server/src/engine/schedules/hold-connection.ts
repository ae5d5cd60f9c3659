import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { holdSyncs } from './queries/hold-syncs.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { resumeSyncs } from './queries/resume-syncs.ts';

/**
 * Follows a connection's state, in the transaction that changes it: the syncs of one that lost its authorisation are
 * not started by their schedules, and those of one that has it back are due at once.
 */
export async function holdConnection(
  transaction: Kysely<Schema>,
  options: { connectionId: number; held: boolean; now: Date },
): Promise<void> {
  if (options.held) return holdSyncs(transaction, options.connectionId);
  await resumeSyncs(transaction, options);
  await notifySchedules(transaction);
}
