import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Overlap } from '@tenon/runtime/contract';
import { openEngineRoom, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import { findJitter } from './find-jitter.ts';
import { holdConnection } from './hold-connection.ts';
import { createScheduleTicks, type Schedule } from './next-run.ts';
import { setSyncPaused } from './set-sync-paused.ts';
import { openScheduler } from './testing/open-scheduler.ts';

// Random histories of a sync, on a clock that the test moves: whatever happens, each tick of the schedule, as it is
// counted here, is covered by exactly one run or one skipped row.

let room: EngineRoom;
beforeAll(async () => {
  room = await openEngineRoom({ functions: [] });
});
afterAll(() => room.close());

const start = new Date('2026-03-28T20:00:00.250Z');
const second = 1_000;

type Step =
  | { readonly what: 'advance'; readonly ms: number }
  | { readonly what: 'tick' | 'pause' | 'resume' | 'hold' | 'release' | 'begin' | 'end' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ what: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 40 * second }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ what: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 20_000 * second }) }),
    },
    { weight: 5, arbitrary: fc.constant({ what: 'tick' as const }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constantFrom('begin' as const, 'end' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        what: fc.constantFrom('pause' as const, 'resume' as const, 'hold' as const, 'release' as const),
      }),
    },
  ),
  { minLength: 5, maxLength: 25 },
);

const pace = {
  jitterMs: fc.constantFrom(undefined, 3 * second, 90 * second),
  catchUpMs: fc.constantFrom(undefined, 0, 30 * second, 600 * second),
};
const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({
    type: fc.constant('interval' as const),
    everyMs: fc.constantFrom(second, 7 * second, 60 * second, 3_600 * second),
    phaseMs: fc.constantFrom(undefined, 0, 5 * second),
    ...pace,
  }),
  fc.record({
    type: fc.constant('cron' as const),
    expression: fc.constantFrom('* * * * *', '*/20 * * * * *', '30 * * * *', '15 2 * * *'),
    timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
    ...pace,
  }),
);
const policies = fc.constantFrom<Overlap>('skip', 'queue-one', 'cancel-other', 'allow');

test('every tick of a schedule is one run or one skipped tick, and live runs do not overlap', async () => {
  await fc.assert(fc.asyncProperty(schedules, policies, steps, play), { numRuns: 60 });
}, 120_000);

async function play(schedule: Schedule, overlap: Overlap, history: readonly Step[]): Promise<void> {
  const { database, environmentId } = room;
  await sql`delete from syncs`.execute(database);
  await sql`update connections set created_at = ${start}`.execute(database);
  await room.deploy([testSync({ schedule, overlap })], { now: start });
  const { id: syncId, connection_id: connectionId } = await database
    .selectFrom('syncs')
    .select(['id', 'connection_id'])
    .executeTakeFirstOrThrow();
  let nowMs = start.getTime();
  const scheduler = openScheduler(room, {
    get now() {
      return new Date(nowMs);
    },
  });
  const address = { environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  // What is due besides the schedule: the first run, and the one after a reconnection.
  const extra = [start.getTime()];
  let paused = false;
  let held = false;

  async function take(step: Step): Promise<void> {
    const at = new Date(nowMs);
    if (step.what === 'advance') nowMs += step.ms;
    else if (step.what === 'tick') {
      await scheduler.tick();
      const { next_run_at: next } = await readSync();
      if (!paused && !held && next) expect(next.getTime()).toBeGreaterThan(nowMs);
    } else if (step.what === 'begin') await beginOne();
    else if (step.what === 'end') await endRunning();
    else if (step.what === 'pause' || step.what === 'resume') {
      paused = step.what === 'pause';
      await setSyncPaused(database, { ...address, paused, now: at });
    } else if (step.what === 'hold') {
      held = true;
      await holdConnection(database, { connectionId, held, now: at });
    } else if (held) {
      held = false;
      if (!paused) extra.push(nowMs);
      await holdConnection(database, { connectionId, held, now: at });
    }
  }

  const readSync = () => database.selectFrom('syncs').select('next_run_at').executeTakeFirstOrThrow();

  /** As the executor claims: an exclusive run begins when no other runs. */
  async function beginOne(): Promise<void> {
    await sql`
      update runs set status = 'running', waits_for = null where id = (
        select id from runs r where status = 'queued' and (side_by_side or not exists (
          select from runs o where o.status = 'running')) order by id limit 1)`.execute(database);
  }

  async function endRunning(): Promise<void> {
    await sql`
      update runs set status = case when cancel_requested then 'cancelled' else 'succeeded' end, finished_at = ${new Date(nowMs)}
      where status = 'running'`.execute(database);
  }

  for (const step of history) {
    await take(step);
    const unfinished = await database
      .selectFrom('runs')
      .select(['status', 'side_by_side'])
      .where('status', 'in', ['queued', 'running'])
      .execute();
    if (overlap !== 'allow') {
      expect(unfinished.filter(({ status }) => status === 'running').length).toBeLessThanOrEqual(1);
      expect(unfinished.filter(({ status }) => status === 'queued').length).toBeLessThanOrEqual(1);
      expect(unfinished.some(({ side_by_side }) => side_by_side)).toBe(false);
    }
  }
  await take({ what: 'release' });
  await take({ what: 'resume' });
  await take({ what: 'tick' });

  const grid = { anchorMs: start.getTime(), offsetMs: findJitter(syncId, schedule) };
  const ticks = createScheduleTicks();
  const expected = [...extra];
  for (let at = ticks.next(schedule, grid, start.getTime()); at !== undefined && at <= nowMs;) {
    expected.push(at);
    at = ticks.next(schedule, grid, at);
  }
  const runs = await database.selectFrom('runs').select('due_at').execute();
  const skipped = await database.selectFrom('skipped_ticks').selectAll().execute();
  const covered = [
    ...runs.map(({ due_at }) => ({ from: due_at.getTime(), until: due_at.getTime(), ticks: 1 })),
    ...skipped.map((row) => ({ from: row.due_at.getTime(), until: row.until_at.getTime(), ticks: row.ticks })),
  ].sort((a, b) => a.from - b.from || a.until - b.until);
  const sorted = expected.sort((a, b) => a - b);
  let place = 0;
  for (const { from, until, ticks: count } of covered) {
    expect(sorted[place]).toBe(from);
    expect(sorted[place + count - 1]).toBe(until);
    place += count;
  }
  expect(place).toBe(sorted.length);
  expect(skipped.filter(({ reason, run_id }) => (reason === 'overlap' || reason === 'made_up_for') && !run_id)).toEqual(
    [],
  );
}
