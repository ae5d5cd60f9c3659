import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { learnBudget } from './queries/learn-budget.ts';
import { takeToldCalls } from './queries/take-told-calls.ts';
import { takeWindowCalls } from './queries/take-window-calls.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

let lastKey = 0;
function newKey(): string {
  lastKey += 1;
  return `budget-${lastKey}`;
}

/** What is granted, as it follows from the rule alone: a call counts until a window after the end of its slice. */
function createModel(windowMs: number, sliceMs: number) {
  const calls: Array<{ at: number; calls: number }> = [];
  return (nowMs: number, { limit, wanted }: { limit: number; wanted: number }): number => {
    const used = calls.filter(({ at }) => at > nowMs - windowMs).reduce((sum, call) => sum + call.calls, 0);
    const granted = Math.max(0, Math.min(wanted, limit - used));
    calls.push({ at: Math.ceil(nowMs / sliceMs) * sliceMs, calls: granted });
    return granted;
  };
}

describe('takeWindowCalls', () => {
  const start = 1_800_000_000_000;

  it('grants what the model grants, and never more than the limit in any interval of the window', async () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 400 }),
      wanted: fc.integer({ min: 1, max: 6 }),
      isInteractive: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(step, { minLength: 1, maxLength: 40 }),
        async (limit, steps) => {
          const budget = { key: newKey(), windowMs: 1_000, sliceMs: 50 };
          const model = createModel(1_000, 50);
          const granted: Array<{ at: number; calls: number }> = [];
          let nowMs = start;
          for (const { afterMs, wanted, isInteractive } of steps) {
            nowMs += afterMs;
            const own = isInteractive ? limit : limit - Math.floor(limit * 0.1);
            const taken = await takeWindowCalls(test.database, { ...budget, limit: own, wanted, nowMs });
            expect(taken.granted).toBe(model(nowMs, { limit: own, wanted }));
            expect(taken.waitMs > 0).toBe(taken.granted === 0);
            granted.push({ at: nowMs, calls: taken.granted });
          }
          for (const { at } of granted) {
            const inWindow = granted.filter((other) => other.at >= at && other.at < at + 1_000);
            expect(inWindow.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(limit);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says when the next call is free, and grants it then', async () => {
    const budget = { key: newKey(), limit: 2, windowMs: 1_000, sliceMs: 50, wanted: 5 };
    expect(await takeWindowCalls(test.database, { ...budget, nowMs: start })).toEqual({ granted: 2, waitMs: 0 });
    const { granted, waitMs } = await takeWindowCalls(test.database, { ...budget, nowMs: start + 300 });
    expect(granted).toBe(0);
    expect(waitMs).toBe(700);
    expect(await takeWindowCalls(test.database, { ...budget, nowMs: start + 300 + waitMs - 1 })).toMatchObject({
      granted: 0,
    });
    expect(await takeWindowCalls(test.database, { ...budget, nowMs: start + 300 + waitMs })).toMatchObject({
      granted: 2,
    });
  });

  it('grants no more to many who ask at once', async () => {
    const budget = { key: newKey(), limit: 10, windowMs: 60_000, sliceMs: 3_000, wanted: 3, nowMs: start };
    const taken = await Promise.all(Array.from({ length: 12 }, () => takeWindowCalls(test.database, budget)));
    expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(10);
  });

  it('keeps a row small however long it is used', async () => {
    const budget = { key: newKey(), limit: 1_000, windowMs: 1_000, sliceMs: 50, wanted: 1 };
    for (let call = 0; call < 100; call += 1) {
      await takeWindowCalls(test.database, { ...budget, nowMs: start + call * 37 });
    }
    const row = await test.database
      .selectFrom('rate_budgets')
      .select('spent_at')
      .where('key', '=', budget.key)
      .executeTakeFirstOrThrow();
    expect(row.spent_at.length).toBeLessThanOrEqual(21);
  });
});

describe('a budget that the provider told of', () => {
  const nowMs = 1_800_000_000_000;
  const nothing = { limit: null, remaining: null, resetInMs: null, blockMs: null };
  const take = (key: string, at: number, more: { wanted?: number; reservedShare?: number } = {}) =>
    takeToldCalls(test.database, { key, wanted: 1, reservedShare: 0, nowMs: at, ...more });

  it('has no limit before something is said', async () => {
    expect(await take(newKey(), nowMs)).toEqual({ granted: 1, waitMs: 0, isLimited: false });
  });

  it('gives what is left until the reset, and as much again after it', async () => {
    const key = newKey();
    await learnBudget(test.database, { ...nothing, key, limit: 5, remaining: 2, resetInMs: 30_000, nowMs });
    expect(await take(key, nowMs + 1_000, { wanted: 9 })).toMatchObject({ granted: 2, isLimited: true });
    expect(await take(key, nowMs + 10_000)).toEqual({ granted: 0, waitMs: 20_000, isLimited: true });
    expect(await take(key, nowMs + 30_000, { wanted: 9 })).toMatchObject({ granted: 5 });
    expect(await take(key, nowMs + 30_001)).toEqual({ granted: 0, waitMs: 29_999, isLimited: true });
  });

  it('believes the fewest calls left of a window, in whatever order answers come', async () => {
    const key = newKey();
    const say = (remaining: number, resetInMs: number, at: number) =>
      learnBudget(test.database, { ...nothing, key, limit: 10, remaining, resetInMs, nowMs: at });
    await say(4, 20_000, nowMs);
    await say(7, 19_500, nowMs + 100);
    expect(await take(key, nowMs + 200, { wanted: 9 })).toMatchObject({ granted: 4 });
    await say(8, 60_000, nowMs + 20_001);
    expect(await take(key, nowMs + 20_002, { wanted: 9 })).toMatchObject({ granted: 8 });
    // The answer of a call that was made in the window before.
    await say(3, 1, nowMs + 20_003);
    expect(await take(key, nowMs + 20_004)).toMatchObject({ granted: 0, waitMs: 59_997 });
  });

  it('lets what answers say replace what was expected of the next window', async () => {
    const key = newKey();
    await learnBudget(test.database, { ...nothing, key, limit: 10, remaining: 0, resetInMs: 60_000, nowMs });
    expect(await take(key, nowMs + 90_000)).toMatchObject({ granted: 1 });
    await learnBudget(test.database, {
      ...nothing,
      key,
      limit: 10,
      remaining: 6,
      resetInMs: 30_000,
      nowMs: nowMs + 90_001,
    });
    expect(await take(key, nowMs + 90_002, { wanted: 9 })).toMatchObject({ granted: 6 });
    expect(await take(key, nowMs + 90_003)).toMatchObject({ granted: 0, waitMs: 29_998 });
  });

  it('stands still until the time that a refusal named, and is forgotten after it', async () => {
    const key = newKey();
    await learnBudget(test.database, { ...nothing, key, blockMs: 5_000, nowMs });
    await learnBudget(test.database, { ...nothing, key, blockMs: 1_000, nowMs });
    expect(await take(key, nowMs + 4_000)).toEqual({ granted: 0, waitMs: 1_000, isLimited: true });
    expect(await take(key, nowMs + 5_000)).toEqual({ granted: 1, waitMs: 0, isLimited: false });
  });

  it('keeps a share for others', async () => {
    const key = newKey();
    await learnBudget(test.database, { ...nothing, key, limit: 20, remaining: 3, resetInMs: 30_000, nowMs });
    expect(await take(key, nowMs, { wanted: 9, reservedShare: 0.1 })).toMatchObject({ granted: 1 });
    expect(await take(key, nowMs, { wanted: 9, reservedShare: 0.1 })).toMatchObject({ granted: 0 });
    expect(await take(key, nowMs, { wanted: 9 })).toMatchObject({ granted: 2 });
  });
});
