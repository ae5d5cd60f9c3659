import { once } from 'node:events';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { StoredRecord } from '@tenon/runtime/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import type { ModelColumn } from '../columns/model-columns.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';
import { openExport, type ExportOptions } from './open-export.ts';

let server: TestDatabase;
let fixture: RecordFixture;
beforeAll(async () => {
  server = await createTestDatabase({ poolSize: 4 });
  fixture = await createRecordFixture(server.database);
  await fixture.commit(
    pageOfRecords([
      {
        id: '1',
        title: 'a "quoted", text\r\nof two lines',
        score: 1.5,
        count: 7,
        open: true,
        due: '2026-02-03',
        at: '2026-01-02T03:04:05+01:00',
        author: { login: 'ada' },
      },
      { id: '2', title: '=HYPERLINK("x")', score: -2, count: 1.5, open: 'yes', due: '2026-13-77', at: 'soon', author: [] },
      { id: '3', title: 4 },
    ]),
  );
});
afterAll(() => server.drop());

const columns: ModelColumn[] = (
  [
    ['title', 'text'],
    ['score', 'double precision'],
    ['count', 'bigint'],
    ['open', 'boolean'],
    ['due', 'date'],
    ['at', 'timestamptz'],
    ['author', 'jsonb'],
  ] as const
).map(([property, type]) => ({ name: property, property, type }));

function open(options: Partial<ExportOptions> = {}) {
  const { datasetId } = fixture;
  const filter = { deleted: 'exclude' as const };
  return openExport(server.database, { datasetId, filter, columns, format: 'ndjson', rawText: false, ...options });
}

async function read(options: Partial<ExportOptions>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of open(options)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const linesOf = async (options: Partial<ExportOptions> = {}) => (await read(options)).toString().trimEnd().split('\n');

describe('an export', () => {
  it('as NDJSON has a stored record a line, of those that the filter leaves', async () => {
    const records = (await linesOf()).map((line) => JSON.parse(line) as StoredRecord);
    expect(records.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(records[0]).toMatchObject({ data: { author: { login: 'ada' } }, deletedAt: null });
    const filtered = await linesOf({ filter: { deleted: 'exclude', where: '{"score":1.5}' } });
    expect(filtered).toHaveLength(1);
    expect(() => open({ filter: { deleted: 'exclude', where: '{' } })).toThrow(
      expect.objectContaining({ code: 'request_invalid' }),
    );
  });

  it('as CSV quotes what needs it, and lets no spreadsheet run a text', async () => {
    const text = (await read({ format: 'csv' })).toString();
    const time = '[-0-9]{10}T[:.0-9]+Z';
    expect(text).toMatch(
      new RegExp(
        [
          '^_id,title,score,count,open,due,at,author,_created_at,_updated_at,_deleted_at',
          `1,"a ""quoted"", text\r\nof two lines",1\\.5,7,true,2026-02-03,2026-01-02T02:04:05\\.000Z,` +
            `"{""login"":""ada""}",${time},${time},`,
          `2,"'=HYPERLINK\\(""x""\\)",-2,,,,,\\[\\],${time},${time},`,
          `3,4,,,,,,,${time},${time},`,
          '$',
        ].join('\r\n'),
      ),
    );
    expect((await read({ format: 'csv', rawText: true })).toString()).toContain('"=HYPERLINK(""x"")"');
  });

  it('as Parquet has typed columns', async () => {
    const bytes = await read({ format: 'parquet' });
    const file = new Uint8Array(bytes).buffer;
    expect(await parquetReadObjects({ file })).toMatchObject([
      {
        _id: '1',
        title: 'a "quoted", text\r\nof two lines',
        score: 1.5,
        count: 7n,
        open: true,
        due: new Date('2026-02-03T00:00:00Z'),
        at: new Date('2026-01-02T02:04:05Z'),
        author: { login: 'ada' },
        _created_at: expect.any(Date),
      },
      { _id: '2', title: '=HYPERLINK("x")', score: -2, count: null, open: null, due: null, at: null, author: [] },
      { _id: '3', title: '4', score: null, author: null },
    ]);
  });

  it('of nothing is whole all the same', async () => {
    const filter = { deleted: 'only' as const };
    expect((await read({ filter })).toString()).toBe('');
    expect((await read({ filter, format: 'csv' })).toString().split('\r\n')).toHaveLength(2);
    const file = new Uint8Array(await read({ filter, format: 'parquet' })).buffer;
    expect(await parquetReadObjects({ file })).toEqual([]);
  });

  it('goes on over many pages and row groups, and sees nothing that is written meanwhile', async () => {
    const big = await createRecordFixture(server.database);
    const records = Array.from({ length: 11_200 }, (_, n) => ({ id: String(n), n }));
    await big.commit(pageOfRecords(records));
    const stream = open({ datasetId: big.datasetId });
    const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    let text = String((await iterator.next()).value);
    await big.commit(pageOfRecords(records.map(({ id }) => ({ id, n: -1 }))));
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) text += String(next.value);
    const seen = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as StoredRecord).data['n']);
    expect(seen).toEqual(records.map(({ n }) => n));

    const file = new Uint8Array(await read({ datasetId: big.datasetId, format: 'parquet' })).buffer;
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => num_rows)).toEqual([10_000n, 1_200n]);
    const rows = await parquetReadObjects({ file });
    expect(new Set(rows.map(({ _id }) => _id as string)).size).toBe(11_200);
  });

  it('gives its session of the database back when the reader goes away', async () => {
    const big = await createRecordFixture(server.database);
    await big.commit(pageOfRecords(Array.from({ length: 3_000 }, (_, n) => ({ id: String(n), text: 'x'.repeat(500) }))));
    for (let round = 0; round < 6; round += 1) {
      const stream = open({ datasetId: big.datasetId });
      await once(stream, 'readable');
      stream.read();
      stream.destroy();
      await once(stream, 'close');
    }
    await expect.poll(() => server.pool.idleCount).toBe(server.pool.totalCount);
  });
});
