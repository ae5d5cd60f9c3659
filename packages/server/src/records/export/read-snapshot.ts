import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { RecordFilter } from '../filter/record-filter.ts';
import { selectRecordPage } from '../reading/queries/select-record-page.ts';

const pageRecords = 500;

/**
 * Reads the records of a dataset as they are at one moment, a page at a time: JSON of one record a line, without a line
 * break at the end. It holds a session of the database while it is iterated; one that is left alone for a minute is
 * ended by the database, and reading on fails.
 */
export async function* readSnapshot(
  database: Kysely<Schema>,
  { datasetId, filter }: { datasetId: number; filter: RecordFilter },
): AsyncGenerator<string, void, undefined> {
  const transaction = await database
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  let after = 0;
  try {
    for (let hasMore = true; hasMore;) {
      const page = await selectRecordPage(transaction, {
        datasetId,
        after,
        limit: pageRecords,
        filter,
        separator: '\n',
      });
      if (page.items !== null) yield page.items;
      after = Number(page.last);
      hasMore = page.has_more;
    }
  } finally {
    // Nothing was written. The session may be gone, which its pool notices; what failed before is what counts.
    await transaction
      .rollback()
      .execute()
      .catch(() => undefined);
  }
}
