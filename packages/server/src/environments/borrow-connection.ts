import type { Transaction } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import { findManifest } from '../database/queries/find-manifest.ts';
import type { Schema } from '../database/schema.ts';
import { lockEnvironment } from '../deployments/storage/lock-environment.ts';
import { syncConnectionSchedules } from '../engine/schedules/sync-connection-schedules.ts';
import { insertBorrowed, type BorrowingRow } from './queries/insert-borrowed.ts';

/**
 * Lets a preview use a connection of its parent by reference: credentials, token, config and state stay the parent's, in
 * one row, so that a token is renewed once and a refresh token is nowhere twice. Settings, metadata, records and cursors
 * are the preview's own. Borrowed again, nothing changes.
 * @throws TenonError `not_found`; `conflict` when the preview has one of its own of this name
 */
export async function borrowConnection(
  transaction: Transaction<Schema>,
  { parent, now, ...row }: BorrowingRow & { parent: string; now: Date },
): Promise<void> {
  const { previewId: environmentId, integration } = row;
  const version = await lockEnvironment(transaction, environmentId);
  const connectionId = await insertBorrowed(transaction, row);
  if (connectionId === undefined) return refuseUnlessBorrowed(transaction, { ...row, parent });
  const manifest = await findManifest(transaction, { environmentId, version });
  if (!manifest?.integrations.some(({ name }) => name === integration)) return;
  await syncConnectionSchedules(transaction, { environmentId, manifest, connectionId, now });
}

async function refuseUnlessBorrowed(
  transaction: Transaction<Schema>,
  { previewId, integration, connection, parent }: BorrowingRow & { parent: string },
): Promise<void> {
  const existing = await transaction
    .selectFrom('connections')
    .select('lender_id')
    .where('environment_id', '=', previewId)
    .where('integration', '=', integration)
    .where('name', '=', connection)
    .executeTakeFirst();
  if (existing?.lender_id) return;
  if (existing) {
    throw new TenonError('conflict', `The preview has a connection ${connection} of ${integration} of its own.`, {
      hint: `Delete it there (\`tenon connections delete\`) to borrow the one of ${parent}.`,
      details: { integration, connection },
    });
  }
  throw new TenonError('not_found', `${parent} has no connection ${connection} of ${integration} to borrow.`, {
    hint: 'List those that it has with `tenon connections list`, without --preview.',
    details: { integration, connection },
  });
}
