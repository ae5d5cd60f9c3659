import type { Page, Run, StoredRecord, TriggeredRun } from '@tenon/runtime/contract';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFeedMirror } from '../harness/feed-mirror.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { createSeededRandom } from '../harness/seeded-random.ts';
import { killNow, postmasterPid, workerPids } from '../harness/server-processes.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { changed, everything } from './product/product-scripts.ts';

// TENON_STORMS=100 for a long night; TENON_STORM_SEED repeats the choices of a run that failed.
const storms = Number(process.env['TENON_STORMS'] ?? 3);
const seed = Number(process.env['TENON_STORM_SEED'] ?? Date.now() % 1_000_000);
const random = createSeededRandom(seed);
const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];

const connection = '/v1/connections/sandbox/acme';
const syncs = ['everything', 'changed'] as const;
const mirrors = {
  Issue: createFeedMirror(`${connection}/changes/Issue`),
  ChangedIssue: createFeedMirror(`${connection}/changes/ChangedIssue`),
};

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues: 300 },
    files: {
      'integrations/sandbox/syncs/everything.ts': everything,
      'integrations/sandbox/syncs/changed.ts': changed,
    },
  });
  await world.deploy();
  await world.connect();
}, 60_000);
afterAll(() => world.stop());

const victims = {
  nobody: () => Promise.resolve(),
  workers: async () => {
    for (const pid of await workerPids(world.server.child.pid ?? 0)) killNow(pid);
  },
  postgres: async () => killNow(await postmasterPid(world.dataDirectory)),
  server: () => killServer(),
  'server and postgres': async () => {
    killNow(await postmasterPid(world.dataDirectory));
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

async function trigger(sync: string): Promise<Run> {
  return (await ask<TriggeredRun>('POST', `${connection}/syncs/${sync}/trigger`)).run;
}

function ended(run: Run): Promise<Run> {
  return waitUntil(`run ${run.id} has ended`, async () => {
    const now = await ask<Run>('GET', `/v1/runs/${run.id}`);
    return now.finishedAt === null ? undefined : now;
  });
}

async function cancelUnfinished(): Promise<void> {
  const { items } = await ask<Page<Run>>('GET', '/v1/runs?limit=50');
  for (const run of items.filter(({ finishedAt }) => finishedAt === null)) {
    await ask('POST', `/v1/runs/${run.id}/cancel`);
    await ended(run);
  }
}

async function readRecords(model: string): Promise<Map<string, Record<string, unknown>>> {
  const records = new Map<string, Record<string, unknown>>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = `?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: Page<StoredRecord> = await ask('GET', `${connection}/records/${model}${query}`);
    for (const { id, data } of page.items) records.set(id, data);
    cursor = page.nextCursor;
  }
  return records;
}

interface Issue {
  id: string;
  title: string;
  state: string;
  comments: number;
  updatedAt: string;
}

const sorted = (records: ReadonlyMap<string, unknown>) => [...records].sort(([a], [b]) => a.localeCompare(b));

test(
  `after ${storms} storms of kills and failures (TENON_STORM_SEED=${seed}) the store is what the provider has`,
  async () => {
    const story: string[] = [];
    for (let round = 0; round < storms; round += 1) {
      const weather = { mode: 'storm', seed: Math.floor(random() * 1e6), share: random() * 0.5, delayMs: 60 };
      await world.control('chaos', { ...weather, retryAfterSeconds: 1 });
      for (const sync of syncs) await trigger(sync);
      await delay(Math.floor(random() * 250));
      await world.control('advance', { updates: 15, deletes: 3, adds: 4, sameInstant: random() < 0.5 });
      const afterMs = Math.floor(random() * 400);
      const victim = pick(Object.keys(victims) as [keyof typeof victims, ...Array<keyof typeof victims>]);
      story.push(`${victim} after ${afterMs} ms, ${JSON.stringify(weather)}`);
      await delay(afterMs);
      await victims[victim]();
      for (const mirror of Object.values(mirrors)) await mirror.follow(world.server).catch(() => undefined);
    }
    await world.control('chaos', { mode: 'off' });
    await cancelUnfinished();
    const told = story.join('\n');
    for (const sync of syncs) {
      const { status, counts, error } = await ended(await trigger(sync));
      expect(status, `${JSON.stringify(error)}\n${told}`).toBe('succeeded');
      expect(counts.read, told).toBe(counts.added + counts.updated + counts.unchanged + counts.quarantined);
      const again = await ended(await trigger(sync));
      expect(again.counts, told).toMatchObject({ added: 0, updated: 0, deleted: 0, quarantined: 0 });
    }
    for (const mirror of Object.values(mirrors)) await mirror.follow(world.server);

    const { issues } = (await (await fetch(`${world.sandbox.url}/_control/truth`)).json()) as { issues: Issue[] };
    const whole = new Map(
      issues.map(({ id, title, state, comments }): [string, unknown] => [id, { id, title, state, comments }]),
    );
    expect(sorted(await readRecords('Issue')), told).toEqual(sorted(whole));
    expect(sorted(mirrors.Issue.records), told).toEqual(sorted(whole));

    const lately = new Map(
      issues.map(({ id, comments, updatedAt }): [string, unknown] => [id, { id, comments, updatedAt }]),
    );
    const stored = await readRecords('ChangedIssue');
    expect(sorted(new Map([...stored].filter(([id]) => lately.has(id)))), told).toEqual(sorted(lately));
    expect(sorted(mirrors.ChangedIssue.records), told).toEqual(sorted(stored));
    for (const mirror of Object.values(mirrors)) expect(mirror.absurd, told).toEqual([]);
  },
  60_000 + storms * 60_000,
);
