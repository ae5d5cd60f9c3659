// The record store alone, without HTTP, workers or a provider: pages of 1,000 records of about 0.9 kB, first, unchanged
// and changed, against a raw COPY of the same rows into the same indexed table, in one run.
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import pino from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { canonicalJson, hashRecord } from '@tenon/runtime/execute';
import { printFigure } from '../harness/figures.mjs';
import { repository } from '../harness/processes.mjs';

const dist = path.join(repository, 'packages/server/dist');
const { startEmbeddedPostgres } = await import(path.join(dist, 'database/embedded/start-embedded-postgres.js'));
const { connectDatabase } = await import(path.join(dist, 'database/connect-database.js'));
const { migrate } = await import(path.join(dist, 'database/migrate.js'));
const { createRecordStore } = await import(path.join(dist, 'records/record-store.js'));
const { listRecords } = await import(path.join(dist, 'records/list-records.js'));

const total = Number(process.env.BENCH_RECORDS ?? 100_000);
const pageSize = 1_000;
const inFlight = Number(process.env.BENCH_IN_FLIGHT ?? 3);
const logger = pino({ level: 'warn' });
const dataDirectory = await mkdtemp(path.join(tmpdir(), 'tenon-bench-'));
const postgres = await startEmbeddedPostgres({ dataDirectory, logger });
const { database, close } = await connectDatabase({ connection: postgres.connectionString, poolSize: 6, logger });
await migrate(database);

const filler = 'Lorem ipsum "dolor" sit amet, consectetur adipiscing elit. '.repeat(10);
const makeRecord = (n, version) => ({
  id: `record-${n}`,
  number: n,
  title: `Issue ${n}`,
  state: n % 3 === 0 ? 'closed' : 'open',
  labels: ['bug', 'help wanted'],
  author: { id: n % 97, name: `User ${n % 97}` },
  updatedAt: '2026-01-01T00:00:00.000Z',
  version,
  body: filler,
});
const outgoing = (record) => {
  const json = canonicalJson(record);
  return { id: record.id, json, hash: hashRecord(json) };
};

async function insertOne(table, values) {
  return (await database.insertInto(table).values(values).returning('id').executeTakeFirstOrThrow()).id;
}
const environmentId = await insertOne('environments', { name: 'bench' });
const connectionId = await insertOne('connections', {
  environment_id: environmentId,
  integration: 'bench',
  name: 'acme',
  auth_mode: 'none',
  config: '{}',
  credentials: Buffer.alloc(0),
  settings: '{}',
  metadata: '{}',
});
const store = createRecordStore({ now: Date.now });
const datasets = await store.ensureDatasets(database, connectionId, ['Stored']);

async function storeAll(version, prepared) {
  const datasetId = datasets.get('Stored');
  let next = 0;
  const counts = { added: 0, updated: 0, unchanged: 0 };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < total) {
        const first = next;
        next += pageSize;
        const records = prepared
          ? prepared.slice(first, first + pageSize)
          : Array.from({ length: pageSize }, (_, n) => outgoing(makeRecord(first + n, version)));
        const page = { sequence: first / pageSize + 1, model: 'Stored', records, removedIds: [] };
        const result = await database.transaction().execute((transaction) =>
          store.commitPage(transaction, {
            datasetId,
            sync: { id: 0, cursorEpoch: 0 },
            run: { id: '', attempt: 1 },
            page,
            trackSightings: false,
            now: new Date(),
          }),
        );
        for (const name of Object.keys(counts)) counts[name] += result[name];
      }
    }),
  );
  const rate = total / ((performance.now() - startedAt) / 1000);
  return { rate, counts };
}

/** The floor: the same rows by COPY, into a table of the same shape and indexes, JSON and hashes prepared beforehand. */
async function copyAll(prepared) {
  const datasetId = 1;
  const client = new Client(postgres.connectionString);
  await client.connect();
  await client.query('create table copied (like records including all)');
  const lines = prepared.map(
    ({ id, json, hash }, n) =>
      `${datasetId}\t${id}\t${json.replaceAll('\\', '\\\\')}\t\\\\x${Buffer.from(hash).toString('hex')}\t${n + 1}\t${n + 1}\t2026-01-01\n`,
  );
  const chunks = [];
  for (let n = 0; n < lines.length; n += 500) chunks.push(lines.slice(n, n + 500).join(''));
  const startedAt = performance.now();
  const target = client.query(
    copyFrom('copy copied (dataset_id, external_id, data, hash, position, added_position, updated_at) from stdin'),
  );
  await pipeline(Readable.from(chunks), target);
  const rate = total / ((performance.now() - startedAt) / 1000);
  await client.query('drop table copied');
  await client.end();
  return rate;
}

const show = (rate, copyRate) => `${Math.round(rate).toLocaleString('en')}/s, ${(rate / copyRate).toFixed(2)} of COPY`;
try {
  const prepared = Array.from({ length: total }, (_, n) => outgoing(makeRecord(n, 1)));
  console.log(`${total} records of ${prepared[0].json.length} B, ${pageSize} a page, ${inFlight} pages in flight`);
  const copyRate = await copyAll(prepared);
  printFigure('raw COPY, the same rows and indexes', `${Math.round(copyRate).toLocaleString('en')}/s`);
  const first = await storeAll(1, prepared);
  printFigure('first, JSON and hashes prepared', show(first.rate, copyRate), '>= 0.8');
  const again = await copyAll(prepared);
  printFigure('raw COPY once more', `${Math.round(again).toLocaleString('en')}/s`);
  const unchanged = await storeAll(1, prepared);
  printFigure('unchanged, prepared', show(unchanged.rate, copyRate));
  const unchangedWhole = await storeAll(1);
  printFigure('unchanged, with canonical JSON and hashing', show(unchangedWhole.rate, copyRate));
  const changed = await storeAll(2);
  printFigure('changed, with canonical JSON and hashing', show(changed.rate, copyRate));
  console.log(
    `counts: ${JSON.stringify({ first: first.counts, unchanged: unchanged.counts, changed: changed.counts })}`,
  );

  const startedAt = performance.now();
  let read = 0;
  for (let cursor; cursor !== null;) {
    const text = await listRecords(database, {
      datasetId: datasets.get('Stored'),
      cursor,
      limit: 1_000,
      includeDeleted: false,
    });
    cursor = JSON.parse(text.slice(text.lastIndexOf('"nextCursor":') - 1).replace(/^./, '{')).nextCursor;
    read += 1_000;
  }
  printFigure(
    'read from the store, 1,000 a page',
    `${Math.round(read / ((performance.now() - startedAt) / 1000)).toLocaleString('en')}/s`,
  );
} finally {
  await close();
  await postgres.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}
