import type { Change, ChangesPage, Page, Run, StoredRecord } from '@tenon/runtime/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { killNow, postmasterPid, workerPids } from '../harness/server-processes.ts';
import { waitUntil } from '../harness/wait-until.ts';

const issueCount = 2_000;
const syncIssues = `import { defineSync, z } from '@tenon/runtime';
const Issue = z.object({ id: z.string(), title: z.string(), state: z.string() });
export default defineSync({
  models: { Issue },
  schedule: 'every 1h',
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<{ id: string | number; title: string; state: string }>('/issues', { params: { per_page: 100 } })) {
      await sync.save('Issue', page.map((issue) => ({ id: String(issue.id), title: issue.title, state: issue.state })));
    }
  },
});
`;

/** One for all: whatever was killed in it before, it is whole again. */
let world: SandboxProject;
/** Each test has an account of its own, which is synced from the beginning. */
let account = '';
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues: issueCount },
    files: { 'integrations/sandbox/syncs/issues.ts': syncIssues },
  });
  await world.control('chaos', { mode: 'slow', delayMs: 100 });
  await world.deploy();
}, 120_000);
afterAll(() => world.stop());

/** @returns the id of the run that has committed some pages */
async function startSync(): Promise<string> {
  account = `acme-${randomUUID()}`;
  await world.connect(account);
  return waitUntil('some pages, and not all, are committed', async () => {
    const run = await lastRun();
    if (run !== undefined && run.counts.read >= issueCount)
      throw new Error('The sync ended before it could be killed.');
    return run !== undefined && run.counts.read > 0 ? run.id : undefined;
  });
}

async function lastRun(): Promise<Run | undefined> {
  const { body } = await world.server.call<Page<Run>>('GET', `/v1/runs?connection=${account}&function=issues&limit=1`);
  return body.items[0];
}

async function finishedRun(runId: string): Promise<Run> {
  return waitUntil('the run has finished', async () => {
    const { body } = await world.server.call<Run>('GET', `/v1/runs/${runId}`);
    // While Postgres is away there is an error instead.
    return body.finishedAt ? body : undefined;
  });
}

async function readAll(): Promise<{ records: StoredRecord[]; changes: Change[] }> {
  const base = `/v1/connections/sandbox/${account}`;
  const records: StoredRecord[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const route = `${base}/records/Issue?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const answer: { body: Page<StoredRecord> } = await world.server.call<Page<StoredRecord>>('GET', route);
    records.push(...answer.body.items);
    cursor = answer.body.nextCursor;
  }
  const changes: Change[] = [];
  let place = '';
  for (let hasMore = true; hasMore;) {
    const route = `${base}/changes/Issue?limit=1000${place === '' ? '' : `&cursor=${place}`}`;
    const answer: { body: ChangesPage } = await world.server.call<ChangesPage>('GET', route);
    changes.push(...answer.body.items);
    place = answer.body.nextCursor;
    hasMore = answer.body.hasMore;
  }
  return { records, changes };
}

async function expectStoreToEqualSource(): Promise<void> {
  const answer = await fetch(`${world.sandbox.url}/_control/truth`);
  const truth = (await answer.json()) as { issues: Array<{ id: string | number }> };
  const { records, changes } = await readAll();
  const expected = truth.issues.map((issue) => String(issue.id)).sort();
  expect(expected).toHaveLength(issueCount);
  expect(records.map((record) => record.id).sort()).toEqual(expected);
  expect(changes.map((change) => change.id).sort(), 'one feed entry a record').toEqual(expected);
  expect(new Set(changes.map((change) => change.change))).toEqual(new Set(['added']));
}

test.each([
  ['a server', async ({ server }: SandboxProject) => killNow(server.child.pid ?? 0)],
  // The workers are in its group; Postgres is not, so that a terminal's Ctrl-C doesn't reach it.
  ['a server with its whole process group', async ({ server }: SandboxProject) => killNow(-(server.child.pid ?? 0))],
  [
    'a server together with its Postgres',
    async ({ server, dataDirectory }: SandboxProject) => {
      const postgres = await postmasterPid(dataDirectory);
      killNow(server.child.pid ?? 0);
      killNow(postgres);
    },
  ],
] as const)(
  '%s killed in the middle of a sync loses and doubles nothing',
  async (_name, kill) => {
    const runId = await startSync();
    await kill(world);
    await world.server.ended();
    await world.restart();
    const run = await finishedRun(runId);
    expect(run).toMatchObject({ status: 'succeeded', attempt: 2, error: null });
    await expectStoreToEqualSource();
  },
  120_000,
);

test('a Postgres killed in the middle of a sync is started again, and nothing is lost or doubled', async () => {
  const runId = await startSync();
  const postgres = await postmasterPid(world.dataDirectory);
  killNow(postgres);
  const run = await finishedRun(runId);
  // Whether a page met the outage, so that there is a second attempt, is up to the moment.
  expect(run).toMatchObject({ status: 'succeeded', error: null });
  expect(await postmasterPid(world.dataDirectory)).not.toBe(postgres);
  await expectStoreToEqualSource();
}, 120_000);

test('a worker killed in the middle of a sync is replaced and its run is tried again', async () => {
  const runId = await startSync();
  const pids = await workerPids(world.server.child.pid ?? 0);
  expect(pids.length, 'there is a worker to kill').toBeGreaterThan(0);
  for (const pid of pids) killNow(pid);
  const run = await finishedRun(runId);
  expect(run).toMatchObject({ status: 'succeeded', attempt: 2, error: null });
  // What the first attempt committed is unchanged in the second: the counts are those of both, and add up.
  const { read, added, updated, unchanged } = run.counts;
  expect({ added, updated, sum: added + updated + unchanged }).toEqual({ added: issueCount, updated: 0, sum: read });
  await expectStoreToEqualSource();
}, 120_000);
