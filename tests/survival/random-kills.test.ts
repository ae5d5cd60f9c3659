import type { Page, Run, StoredRecord, TriggeredRun } from '@tenon/runtime/contract';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFeedMirror } from '../harness/feed-mirror.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { createSeededRandom } from '../harness/seeded-random.ts';
import { killNow, postmasterPid, workerPids } from '../harness/server-processes.ts';
import { waitUntil } from '../harness/wait-until.ts';

// TENON_KILLS=200 for a long night; TENON_KILL_SEED repeats the choices of a run that failed.
const kills = Number(process.env['TENON_KILLS'] ?? 6);
const seed = Number(process.env['TENON_KILL_SEED'] ?? Date.now() % 1_000_000);
const random = createSeededRandom(seed);

const syncIssues = `import { defineSync, z } from '@tenon/runtime';
const Issue = z.object({ id: z.string(), title: z.string(), state: z.string() });
type Row = { id: string | number; title: string; state: string };
export default defineSync({
  models: { Issue },
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<Row>('/issues', { params: { per_page: 50 } })) {
      await sync.save('Issue', page.map(({ id, title, state }) => ({ id: String(id), title, state })));
    }
  },
});
`;
const connection = '/v1/connections/sandbox/acme';
const mirror = createFeedMirror(`${connection}/changes/Issue`);

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues: 600 },
    files: { 'integrations/sandbox/syncs/issues.ts': syncIssues },
  });
  await world.control('chaos', { mode: 'slow', delayMs: 25 });
  await world.deploy();
  await world.connect();
}, 60_000);

afterAll(() => world.stop());

const victims = {
  worker: async () => {
    for (const pid of await workerPids(world.server.child.pid ?? 0)) killNow(pid);
  },
  postgres: async () => killNow(await postmasterPid(world.dataDirectory)),
  server: () => killServer(),
  'server and postgres': async () => {
    const postgres = await postmasterPid(world.dataDirectory);
    killNow(postgres);
    await killServer();
  },
};

async function killServer(): Promise<void> {
  killNow(world.server.child.pid ?? 0);
  await world.server.ended();
  await world.restart();
}

/** Asks until there is an answer: Postgres may be starting again. */
function ask<Body>(method: string, route: string): Promise<Body> {
  return waitUntil(`${method} ${route} has an answer`, async () => {
    const { status, body } = await world.server.call<Body>(method, route);
    return status < 500 ? body : undefined;
  });
}

async function trigger(): Promise<Run> {
  return (await ask<TriggeredRun>('POST', `${connection}/syncs/issues/trigger`)).run;
}

function ended(run: Run): Promise<Run> {
  return waitUntil(`run ${run.id} has ended`, async () => {
    const now = await ask<Run>('GET', `/v1/runs/${run.id}`);
    return now.finishedAt === null ? undefined : now;
  });
}

async function readRecords(): Promise<Map<string, unknown>> {
  const records = new Map<string, unknown>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = `?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: Page<StoredRecord> = await ask('GET', `${connection}/records/Issue${query}`);
    for (const { id, data } of page.items) records.set(id, data);
    cursor = page.nextCursor;
  }
  return records;
}

test(
  `an app that follows the feed over ${kills} random kills holds exactly the truth (TENON_KILL_SEED=${seed})`,
  async () => {
    const story: string[] = [];
    for (let round = 0; round < kills; round++) {
      await trigger();
      await world.control('advance', { updates: 20, deletes: 4, adds: 5 });
      const afterMs = Math.floor(random() * 600);
      const names = Object.keys(victims) as Array<keyof typeof victims>;
      const victim = names[Math.floor(random() * names.length)] ?? 'worker';
      story.push(`${victim} after ${afterMs} ms`);
      await delay(afterMs);
      await victims[victim]();
      // Reads as far as there is something to read: an app is not in step with the server.
      await mirror.follow(world.server).catch(() => undefined);
    }
    await world.control('chaos', { mode: 'off' });
    await ended(await trigger());
    expect(await ended(await trigger()), story.join(', ')).toMatchObject({ status: 'succeeded' });
    await mirror.follow(world.server);

    const answer = await fetch(`${world.sandbox.url}/_control/truth`);
    const { issues } = (await answer.json()) as {
      issues: Array<{ id: string | number; title: string; state: string }>;
    };
    const truth = new Map(
      issues.map(({ id, title, state }): [string, unknown] => [String(id), { id: String(id), title, state }]),
    );
    const sorted = (records: ReadonlyMap<string, unknown>) => [...records].sort(([a], [b]) => a.localeCompare(b));
    expect(sorted(await readRecords()), story.join(', ')).toEqual(sorted(truth));
    expect(sorted(mirror.records), story.join(', ')).toEqual(sorted(truth));
    expect(mirror.absurd, story.join(', ')).toEqual([]);
  },
  60_000 + kills * 60_000,
);
