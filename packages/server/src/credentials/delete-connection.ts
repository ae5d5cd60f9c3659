import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection, type ConnectionAddress } from './find-connection.ts';
import { publishConnectionEvent } from './publish-connection-event.ts';
import { revokeConnection } from './revoke-connection.ts';
import { deleteConnectionRow } from './storage/delete-connection-row.ts';
import { selectBorrowers } from './storage/select-borrowers.ts';
import { deleteRecordBatch } from './storage/delete-record-batch.ts';
import { selectDatasetIds } from './storage/select-dataset-ids.ts';

/** 10,000 rows of 1 kB go in about 100 ms. */
const batchRows = 10_000;

/**
 * Removes a connection with everything that was read through it, and ends its token at the provider. Most records go in
 * batches while it still exists; then the row goes, which ends what may still write; then what was written meanwhile. A
 * run that commits a page at that moment locks its dataset first, so its page is either swept or refused.
 * Interrupted before the row is gone, it can simply be asked again.
 * @throws TenonError `not_found`
 */
export async function deleteConnection(context: ConnectionContext, address: ConnectionAddress): Promise<void> {
  const { database } = context;
  const { connectionId, connection } = await findConnection(database, address);
  // Previews that borrow it lose it first, so that what they read through it goes in batches too.
  for (const borrower of await selectBorrowers(database, connectionId)) await deleteConnection(context, borrower);
  const datasetIds = await selectDatasetIds(database, connectionId);
  await deleteRecords(database, datasetIds);
  // The token of a borrowed one is its lender's.
  if (connection.borrowedFrom === undefined) await revokeConnection(context, connectionId);
  const allDatasetIds = await selectDatasetIds(database, connectionId);
  await database.transaction().execute(async (transaction) => {
    const row = await deleteConnectionRow(transaction, connectionId);
    if (row) await publishConnectionEvent(transaction, 'connection.deleted', row);
  });
  await deleteRecords(database, allDatasetIds);
}

async function deleteRecords(database: Kysely<Schema>, datasetIds: readonly number[]): Promise<void> {
  for (const datasetId of datasetIds) {
    let deleted = batchRows;
    while (deleted === batchRows) deleted = await deleteRecordBatch(database, { datasetId, limit: batchRows });
  }
}
