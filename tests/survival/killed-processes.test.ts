import type { Change, ChangesPage, Page, Run, StoredRecord } from '@tenon/runtime/contract';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
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

let running: SandboxProject | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function startMidSync(): Promise<{ world: SandboxProject; runId: string }> {
  const world = await startSandboxProject({
    sandbox: { issues: issueCount },
    files: { 'integrations/sandbox/syncs/issues.ts': syncIssues },
  });
  running = world;
  await fetch(`${world.sandbox.url}/_control/chaos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'slow', delayMs: 100 }),
  });
  await world.deploy();
  await world.connect();
  const runId = await waitUntil('some pages, and not all, are committed', async () => {
    const run = await lastRun(world);
    if (run !== undefined && run.counts.read >= issueCount)
      throw new Error('The sync ended before it could be killed.');
    return run !== undefined && run.counts.read > 0 ? run.id : undefined;
  });
  return { world, runId };
}

async function lastRun(world: SandboxProject): Promise<Run | undefined> {
  const { body } = await world.server.call<Page<Run>>('GET', '/v1/runs?connection=acme&function=issues&limit=1');
  return body.items[0];
}

async function finishedRun(world: SandboxProject, runId: string): Promise<Run> {
  return waitUntil('the run has finished', async () => {
    const { body } = await world.server.call<Run>('GET', `/v1/runs/${runId}`);
    return body.finishedAt === null ? undefined : body;
  });
}

async function readAll(world: SandboxProject): Promise<{ records: StoredRecord[]; changes: Change[] }> {
  const base = '/v1/connections/sandbox/acme';
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

async function expectStoreToEqualSource(world: SandboxProject): Promise<void> {
  const answer = await fetch(`${world.sandbox.url}/_control/truth`);
  const truth = (await answer.json()) as { issues: Array<{ id: string | number }> };
  const { records, changes } = await readAll(world);
  const expected = truth.issues.map((issue) => String(issue.id)).sort();
  expect(expected).toHaveLength(issueCount);
  expect(records.map((record) => record.id).sort()).toEqual(expected);
  expect(changes.map((change) => change.id).sort(), 'one feed entry a record').toEqual(expected);
  expect(new Set(changes.map((change) => change.change))).toEqual(new Set(['added']));
}

/** The worker processes of a server: its children that run the worker's file. */
async function workerPids(serverPid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (status.includes(`\nPPid:\t${serverPid}\n`) && command.includes('worker/child.js')) found.push(Number(pid));
  }
  return found;
}

test('a server killed in the middle of a sync loses and doubles nothing', async () => {
  const { world, runId } = await startMidSync();
  await world.server.stop('SIGKILL');
  await world.restart();
  const run = await finishedRun(world, runId);
  expect(run).toMatchObject({ status: 'succeeded', attempt: 2, error: null });
  await expectStoreToEqualSource(world);
}, 120_000);

test('a worker killed in the middle of a sync is replaced and its run is tried again', async () => {
  const { world, runId } = await startMidSync();
  const pids = await workerPids(world.server.child.pid ?? 0);
  expect(pids.length, 'there is a worker to kill').toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const run = await finishedRun(world, runId);
  expect(run).toMatchObject({ status: 'succeeded', attempt: 2, error: null });
  await expectStoreToEqualSource(world);
}, 120_000);
