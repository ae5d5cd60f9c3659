import { sql } from 'kysely';
import { Client } from 'pg';
import type { Manifest } from '@tenon/runtime/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { sampleManifest, sampleSync } from '../../deployments/testing/sample-manifest.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';
import { applyViews } from './apply-views.ts';
import { listViews } from './list-views.ts';

let server: TestDatabase;
let fixture: RecordFixture;
let environmentId: number;
let schema: string;
beforeAll(async () => {
  server = await createTestDatabase();
  fixture = await createRecordFixture(server.database);
  const row = await server.database
    .selectFrom('syncs')
    .innerJoin('environments', 'environments.id', 'syncs.environment_id')
    .select(['environment_id', 'environments.name'])
    .where('syncs.id', '=', fixture.syncId)
    .executeTakeFirstOrThrow();
  environmentId = row.environment_id;
  schema = `tenon_${row.name.replaceAll('-', '_')}`;
});
afterAll(() => server.drop());

const hostile = `we"ird'; drop table records; --`;
const properties = {
  id: { type: 'string' },
  title: { type: 'string' },
  score: { type: 'number' },
  count: { type: ['integer', 'null'] },
  isOpen: { type: 'boolean' },
  createdAt: { type: 'string', format: 'date-time' },
  dueOn: { type: 'string', format: 'date' },
  author: { type: 'object' },
  [hostile]: { type: 'string' },
};

function manifestOf(...models: [integration: string, name: string, properties: object][]): Manifest {
  return sampleManifest({
    functions: models.map(([integration, name, fields], index) =>
      sampleSync({
        integration,
        name: `sync-${index}`,
        models: [{ name, schema: { type: 'object', properties: fields } }],
      }),
    ),
  });
}

const apply = (manifest: Manifest) =>
  server.database.transaction().execute((transaction) => applyViews(transaction, { environmentId, manifest }));

async function viewIds(): Promise<Record<string, number>> {
  const { rows } = await sql<{ relname: string; oid: number }>`
    select relname, pg_class.oid::int from pg_class join pg_namespace n on n.oid = relnamespace
    where nspname = ${schema} and relkind = 'v'`.execute(server.database);
  return Object.fromEntries(rows.map(({ relname, oid }) => [relname, oid]));
}

describe('the views of a version', () => {
  it('show live records with typed columns, whatever older versions have left', async () => {
    await apply(manifestOf(['sandbox', 'Issue', properties]));
    await fixture.commit(
      pageOfRecords([
        {
          id: '1',
          title: 'a leak',
          score: 1.5,
          count: 7,
          isOpen: true,
          createdAt: '2026-01-02T03:04:05+01:00',
          dueOn: '2026-02-03',
          author: { login: 'ada' },
          [hostile]: 'fine',
        },
        {
          id: '2',
          title: 5,
          score: 'high',
          count: 1.5,
          isOpen: 'yes',
          createdAt: '2026-02-31T00:00:00Z',
          dueOn: '2026-02-31',
          author: 'ada',
        },
        { id: '3', count: 1e300, createdAt: '2026-01-02T03:04', score: null, isOpen: null },
        { id: '4' },
      ]),
    );
    await fixture.commit(pageOfRecords([], { deletedIds: ['4'] }));
    const { rows } = await sql<Record<string, unknown>>`
      select *, pg_typeof(count)::text as count_type, pg_typeof(author)::text as author_type
      from ${sql.table(`${schema}.sandbox_issue`)} order by _id`.execute(server.database);
    expect(rows).toMatchObject([
      {
        _connection: 'acme',
        _id: '1',
        title: 'a leak',
        score: 1.5,
        count: 7,
        is_open: true,
        created_at: new Date('2026-01-02T02:04:05Z'),
        due_on: expect.anything(),
        author: { login: 'ada' },
        [`we"ird';_drop_table_records;___`]: 'fine',
        _created_at: expect.any(Date),
        count_type: 'bigint',
        author_type: 'jsonb',
      },
      { _id: '2', title: '5', score: null, count: null, is_open: null, created_at: null, due_on: null, author: 'ada' },
      { _id: '3', count: null, created_at: new Date('2026-01-02T03:04:00Z'), title: null },
    ]);
    const { rows: all } = await sql<Record<string, unknown>>`
      select _id, _deleted_at from ${sql.table(`${schema}.sandbox_issue_all`)}
      where _deleted_at is not null`.execute(server.database);
    expect(all).toEqual([{ _id: '4', _deleted_at: expect.any(Date) }]);
  });

  it('are listed with their columns and where to read them, without a password', async () => {
    const manifest = manifestOf(['sandbox', 'Issue', properties]);
    await apply(manifest);
    const views = await listViews(server.database, { environmentId, manifest });
    expect(views).toMatchObject({ schema, available: true, connection: expect.stringContaining('<password>@') });
    expect(views.items.map(({ name }) => name)).toEqual([`${schema}.sandbox_issue`, `${schema}.sandbox_issue_all`]);
    expect(views.items[0]?.columns.slice(0, 4)).toEqual([
      { name: '_connection', type: 'text', property: null },
      { name: '_id', type: 'text', property: null },
      { name: 'id', type: 'text', property: 'id' },
      { name: 'title', type: 'text', property: 'title' },
    ]);
    expect(JSON.stringify(views)).not.toContain(new URL(server.connectionString).password || 'no password');
  });

  it('are read by a role that may use that schema only', async () => {
    await apply(manifestOf(['sandbox', 'Issue', properties]));
    const role = `analyst_${fixture.syncId}_${Date.now()}`;
    const run = (statement: string) => sql.raw(statement).execute(server.database);
    await run(`create role ${role} login password 'analyst'`);
    try {
      await run(`grant usage on schema ${schema} to ${role}`);
      await run(`grant select on all tables in schema ${schema} to ${role}`);
      await run(`alter default privileges in schema ${schema} grant select on tables to ${role}`);
      // Made anew, so that the default is what lets the role in.
      await apply(manifestOf(['sandbox', 'Issue', { ...properties, more: {} }]));
      const url = new URL(server.connectionString);
      [url.username, url.password] = [role, 'analyst'];
      const client = new Client({ connectionString: url.toString() });
      await client.connect();
      try {
        const { rows } = await client.query(`select _id, created_at, more from ${schema}.sandbox_issue order by _id`);
        expect(rows).toHaveLength(3);
        await expect(client.query('select * from records')).rejects.toMatchObject({ code: '42501' });
        await expect(client.query(`delete from ${schema}.sandbox_issue`)).rejects.toMatchObject({});
      } finally {
        await client.end();
      }
    } finally {
      await run(`drop owned by ${role}`);
      await run(`drop role ${role}`);
    }
  });

  it('stay as they are when nothing changes, are made anew when something does, and go with their model', async () => {
    await apply(manifestOf(['sandbox', 'Issue', properties], ['other', 'Page', properties]));
    const before = await viewIds();
    await apply(manifestOf(['sandbox', 'Issue', properties], ['other', 'Page', { id: { type: 'string' } }]));
    const after = await viewIds();
    expect(after['sandbox_issue']).toBe(before['sandbox_issue']);
    expect(after['other_page']).not.toBe(before['other_page']);
    await sql`create view ${sql.table(`${schema}.own_view`)} as select 1 as one`.execute(server.database);
    await apply(manifestOf(['other', 'Page', properties]));
    expect(Object.keys(await viewIds()).toSorted()).toEqual(['other_page', 'other_page_all', 'own_view']);
  });

  it('have names that never meet and fit Postgres', async () => {
    const long = 'a'.repeat(100);
    await apply(
      manifestOf(
        ['a-b1', 'C', {}],
        ['a', 'B1C', {}],
        ['a', 'B1CAll', {}],
        [long, 'Issue', {}],
        [long, 'Issues', {}],
        ['select', 'From', Object.fromEntries(Array.from({ length: 1_700 }, (_, n) => [`p${n}`, { type: 'string' }]))],
      ),
    );
    const names = Object.keys(await viewIds()).filter((name) => name !== 'own_view');
    expect(names).toHaveLength(12);
    expect(names).toEqual(expect.arrayContaining(['a_b1_c', 'a_b1_c_2', 'select_from']));
  });

  it('show no records of another environment', async () => {
    const other = await createRecordFixture(server.database);
    await other.commit(pageOfRecords([{ id: 'secret' }]));
    await apply(manifestOf(['sandbox', 'Issue', properties]));
    const { rows } = await sql<{ _id: string }>`
      select _id from ${sql.table(`${schema}.sandbox_issue_all`)}`.execute(server.database);
    expect(rows.map(({ _id }) => _id).toSorted()).toEqual(['1', '2', '3', '4']);
  });
});
