// The record store alone, without HTTP, workers or a provider: pages of 1,000 records of about 0.9 kB, first, unchanged
// and changed, against a raw COPY of the same rows into the same indexed table, in one run.
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import pino from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
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
const { listRecords } = await import(path.join(dist, 'records/reading/list-records.js'));

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
  return { id: record.id, json, hash: hashRecord(json), observedMs: Date.now() };
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
const syncId = await insertOne('syncs', {
  environment_id: environmentId,
  connection_id: connectionId,
  integration: 'bench',
  sync: 'stored',
});
const stores = {
  on: createRecordStore({ now: Date.now }),
  off: createRecordStore({ now: Date.now, keepHistory: false }),
};
async function ensureDataset(model) {
  return (await stores.on.ensureDatasets(database, connectionId, [model])).get(model);
}

/** Stores pages made by `makePage(first)` for each dataset, so many at a time over all of them. */
async function storeAll(datasetIds, makePage, { history = 'on', run, count = total } = {}) {
  const counts = { added: 0, updated: 0, unchanged: 0 };
  const pages = [];
  for (let first = 0; first < count; first += pageSize)
    for (const datasetId of datasetIds) pages.push({ datasetId, first });
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < pages.length) {
        const { datasetId, first } = pages[next++];
        const page = {
          sequence: first / pageSize + 1,
          partition: '',
          model: 'Stored',
          records: makePage(first),
          deletedIds: [],
          deletedObservedMs: Date.now(),
          quarantined: [],
          settledQuarantine: [],
        };
        const { counts: result } = await database.transaction().execute((transaction) =>
          stores[history].commitPage(transaction, {
            datasetId,
            syncId,
            run: run ?? { id: benchRun, generation: 1, beganMs: 0 },
            page,
            airbag: null,
            trackSightings: run !== undefined,
            now: new Date(),
          }),
        );
        for (const name of Object.keys(counts)) counts[name] += result[name];
      }
    }),
  );
  const rate = (count * datasetIds.length) / ((performance.now() - startedAt) / 1000);
  return { rate, counts };
}
const benchRun = randomUUID();

/** Pages of records that are made as they are sent: with canonical JSON and hashing, and in constant memory. */
const made = (versionOf) => (first) =>
  Array.from({ length: pageSize }, (_, n) => outgoing(makeRecord(first + n, versionOf(first + n))));
const sliced = (prepared) => (first) => prepared.slice(first, first + pageSize);

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

const perSecondOf = (rate) => `${Math.round(rate).toLocaleString('en')}/s`;
const show = (rate, copyRate) => `${perSecondOf(rate)}, ${(rate / copyRate).toFixed(2)} of COPY`;

/** Each kind of page, store only, against COPY in the same minute. */
async function compareWithCopy() {
  const prepareVersion = (versionOf) => Array.from({ length: total }, (_, n) => outgoing(makeRecord(n, versionOf(n))));
  let prepared = prepareVersion(() => 1);
  console.log(`${total} records of ${prepared[0].json.length} B, ${pageSize} a page, ${inFlight} pages in flight`);
  const stored = [await ensureDataset('Stored')];
  const two = [await ensureDataset('One'), await ensureDataset('Other')];
  const copyRate = await copyAll(prepared);
  printFigure('raw COPY, the same rows and indexes', perSecondOf(copyRate));
  const first = await storeAll(stored, sliced(prepared));
  printFigure('first', show(first.rate, copyRate), '>= 0.8');
  printFigure('first, two datasets', show((await storeAll(two, sliced(prepared))).rate, copyRate));
  const unchanged = await storeAll(stored, sliced(prepared));
  printFigure('unchanged', show(unchanged.rate, copyRate), '>= 150,000/s');
  const whole = await storeAll(
    stored,
    made(() => 1),
  );
  printFigure('unchanged, with canonical JSON and hashing', show(whole.rate, copyRate));
  let version = 1;
  for (const history of ['off', 'on']) {
    const from = version;
    const tenth = prepareVersion((n) => (n % 10 === 0 ? from + 1 : from));
    const changedTenth = await storeAll(stored, sliced(tenth), { history });
    printFigure(`10 % changed, history ${history}`, show(changedTenth.rate, copyRate));
    version += 2;
    const to = version;
    prepared = prepareVersion(() => to);
    const again = await copyAll(prepared);
    printFigure('raw COPY once more', perSecondOf(again));
    const changed = await storeAll(stored, sliced(prepared), { history });
    printFigure(`changed, history ${history}`, show(changed.rate, again), history === 'off' ? '>= 0.9' : undefined);
    const both = await storeAll(two, sliced(prepared), { history });
    printFigure(`changed, history ${history}, two datasets`, show(both.rate, again));
    console.log(
      `counts: ${JSON.stringify({ tenth: changedTenth.counts, changed: changed.counts, both: both.counts })}`,
    );
  }
  return stored[0];
}

async function readAll(datasetId) {
  const startedAt = performance.now();
  let read = 0;
  for (let cursor; cursor !== null;) {
    const text = await listRecords(database, {
      datasetId,
      cursor,
      limit: 1_000,
      includeDeleted: false,
      deleted: 'exclude',
    });
    cursor = JSON.parse(text.slice(text.lastIndexOf('"nextCursor":') - 1).replace(/^./, '{')).nextCursor;
    read += 1_000;
  }
  printFigure('read from the store, 1,000 a page', perSecondOf(read / ((performance.now() - startedAt) / 1000)));
}

/** How rates and memory grow with the dataset, and what finding the absent ones among all records costs. */
async function grow(count) {
  const name = count.toLocaleString('en');
  const datasetId = await ensureDataset(`Grown${count}`);
  const first = await storeAll(
    [datasetId],
    made(() => 1),
    { count },
  );
  const unchanged = await storeAll(
    [datasetId],
    made(() => 1),
    { count },
  );
  printFigure(
    `${name} records: first, unchanged, with hashing`,
    `${perSecondOf(first.rate)}, ${perSecondOf(unchanged.rate)}`,
  );
  const run = { id: randomUUID(), generation: 1, beganMs: Date.now() + 1_000_000 };
  await database
    .insertInto('runs')
    .values({
      id: run.id,
      environment_id: environmentId,
      connection_id: connectionId,
      sync_id: syncId,
      kind: 'sync',
      integration: 'bench',
      function: 'stored',
      version: 1,
      trigger: 'manual',
      status: 'running',
      due_at: new Date(),
      counts: '{}',
    })
    .execute();
  // All but the last page are seen.
  await storeAll(
    [datasetId],
    made(() => 1),
    { count: count - pageSize, run },
  );
  const startedAt = performance.now();
  const ended = await database
    .transaction()
    .execute((transaction) =>
      stores.on.finishRun(transaction, {
        run,
        syncId,
        datasets: [datasetId],
        isComplete: true,
        now: new Date(),
        sync: { deletes: 'absence', airbag: { share: 0.2, atLeast: 10 } },
      }),
    );
  await database.updateTable('runs').set({ status: 'succeeded' }).where('id', '=', run.id).execute();
  const seconds = (performance.now() - startedAt) / 1000;
  printFigure(`${name} records: deletion of ${ended.deleted + ended.held} absent ones`, `${seconds.toFixed(2)} s`);
  printFigure(`${name} records: memory of this process`, `${Math.round(process.memoryUsage().rss / 1e6)} MB`);
}

try {
  if (process.env.BENCH_GROWTH !== 'only') await readAll(await compareWithCopy());
  if (process.env.BENCH_GROWTH) for (const count of [10_000, 100_000, 1_000_000]) await grow(count);
} finally {
  await close();
  await postgres.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}
