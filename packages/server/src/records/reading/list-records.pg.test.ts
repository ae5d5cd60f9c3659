import type { Page, StoredRecord } from '@tenon/runtime/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import type { RecordFilter } from '../filter/record-filter.ts';
import { listRecords } from './list-records.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';

let server: TestDatabase;
let fixture: RecordFixture;
beforeAll(async () => {
  server = await createTestDatabase();
  fixture = await createRecordFixture(server.database);
  await fixture.commit(
    pageOfRecords([
      { id: '1', state: 'open', author: { login: 'ada' }, count: 1, labels: ['bug'] },
      { id: '2', state: 'closed', author: { login: 'ada' }, count: '1', end: null },
      { id: '3', state: 'open', author: null, done: true },
      { id: '4', state: `o'pen"`, author: { login: 'bob' }, count: 1.5 },
    ]),
  );
  await fixture.commit(pageOfRecords([], { deletedIds: ['3'] }));
});
afterAll(() => server.drop());

async function idsOf(filter: Partial<RecordFilter>, limit = 100): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { datasetId } = fixture;
    const text = await listRecords(server.database, { datasetId, cursor, limit, deleted: 'exclude', ...filter });
    const page = JSON.parse(text) as Page<StoredRecord>;
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}

describe('a list with filters', () => {
  it.each<[Partial<RecordFilter>, string[]]>([
    [{}, ['1', '2', '4']],
    [{ deleted: 'include' }, ['1', '2', '4', '3']],
    [{ deleted: 'only' }, ['3']],
    [{ ids: ['4', '3', 'none'] }, ['4']],
    [{ ids: ['4', '3'], deleted: 'include' }, ['4', '3']],
    [{ where: '{"state":"open"}' }, ['1']],
    [{ where: '{"state":"open"}', deleted: 'include' }, ['1', '3']],
    [{ where: '{"author.login":"ada"}' }, ['1', '2']],
    [{ where: '{"author.login":"ada","state":"closed"}' }, ['2']],
    [{ where: '{"count":1}' }, ['1']],
    [{ where: '{"count":"1"}' }, ['2']],
    [{ where: '{"count":1.5}' }, ['4']],
    [{ where: '{"end":null,"author.login":"ada"}' }, ['1', '2']],
    [{ where: '{"done":true}', deleted: 'only' }, ['3']],
    [{ where: '{"labels.0":"bug"}' }, ['1']],
    [{ where: JSON.stringify({ state: `o'pen"` }) }, ['4']],
    [{ where: `{"state":"'; drop table records; --"}` }, []],
    [{ updatedAfter: '2000-01-01T00:00:00Z' }, ['1', '2', '4']],
    [{ updatedAfter: '2999-01-01T00:00:00Z' }, []],
  ])('%j gives %j, on pages of any size', async (filter, ids) => {
    expect(await idsOf(filter)).toEqual(ids);
    expect(await idsOf(filter, 1)).toEqual(ids);
  });

  it('refuses a where that is none', async () => {
    await expect(idsOf({ where: '{"a":{}}' })).rejects.toMatchObject({ code: 'request_invalid' });
  });
});
