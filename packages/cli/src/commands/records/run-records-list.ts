import type { StoredRecord } from '@tenon/runtime/contract';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { parsePair } from '../parse-pair.ts';
import { readSelection } from './read-selection.ts';

export interface RecordsListFlags extends TargetFlags {
  readonly connection: string;
  readonly limit?: number;
  readonly all?: boolean;
  readonly updatedAfter?: string;
  readonly deleted?: boolean;
  readonly id?: readonly string[];
  readonly where?: readonly string[];
  readonly paths?: boolean;
  readonly follow?: boolean;
  readonly cursor?: string;
}

const defaultLimit = 100;
const pageSize = 1_000;

/** Lists records: a table for people, one JSON document a line with --json, page by page as they come. */
export async function runRecordsList(context: CommandContext, name: string, flags: RecordsListFlags): Promise<void> {
  const { output } = context;
  const [integration, model] = parsePair(name, '<integration>/<model>');
  const limit = flags.all ? Infinity : (flags.limit ?? defaultLimit);
  await withServer(context, flags, async (server) => {
    const ref = { integration, model, connection: flags.connection };
    const query = { ...readSelection(flags), signal: context.signal };
    let count = 0;
    for await (const { records, hasMore } of readPages(server, { ref, query, limit })) {
      count += records.length;
      for (const record of records) output.event(record);
      if (records.length > 0) printRecords(context, records);
      if (hasMore && count >= limit) output.note(`There are more: pass --limit or --all.`);
    }
    if (count === 0) output.note('No records.');
  });
}

async function* readPages(
  server: ApiClient,
  read: {
    ref: Parameters<ApiClient['listRecords']>[0];
    query: Parameters<ApiClient['listRecords']>[1];
    limit: number;
  },
): AsyncGenerator<{ records: StoredRecord[]; hasMore: boolean }, void, undefined> {
  let cursor: string | undefined;
  for (let left = read.limit; left > 0;) {
    const page = await server.listRecords(read.ref, { ...read.query, cursor, limit: Math.min(left, pageSize) });
    left -= page.items.length;
    yield { records: page.items, hasMore: page.nextCursor !== null };
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

function printRecords({ output }: CommandContext, records: readonly StoredRecord[]): void {
  const idWidth = Math.max(2, ...records.map((record) => record.id.length));
  // Id, time, two gaps: what is left of the line is for the data.
  const dataWidth = Math.max(20, output.width - idWidth - 23);
  output.table(records, [
    { title: 'ID', value: (record) => record.id },
    { title: 'UPDATED', value: (record) => formatTime(record.updatedAt) },
    {
      title: 'DATA',
      value: (record) => (record.deletedAt === null ? cut(JSON.stringify(record.data), dataWidth) : '(deleted)'),
    },
  ]);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
