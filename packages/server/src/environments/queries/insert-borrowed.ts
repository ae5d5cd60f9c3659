import { sql, type Transaction } from 'kysely';
import type { BorrowedConnection } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

export interface BorrowingRow extends BorrowedConnection {
  readonly previewId: number;
  readonly parentId: number;
}

/**
 * Gives a preview the use of a connection of its parent, with settings and metadata as they are there now.
 * @returns its id in the preview; undefined: the preview has one of this name, or the parent none
 */
export async function insertBorrowed(
  transaction: Transaction<Schema>,
  { previewId, parentId, integration, connection }: BorrowingRow,
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into connections
      (environment_id, integration, name, auth_mode, config, credentials, settings, metadata, lender_id)
    select ${previewId}::integer, integration, name, auth_mode, '{}', null, settings, metadata, id
    from connections
    where environment_id = ${parentId} and integration = ${integration} and name = ${connection}
    on conflict (environment_id, integration, name) do nothing
    returning id`.execute(transaction);
  const [made] = rows;
  return made && Number(made.id);
}
