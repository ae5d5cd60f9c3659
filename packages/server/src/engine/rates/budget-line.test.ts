import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBudgetLine, type BudgetLineOptions } from './budget-line.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A budget of so many calls in each window of a second, and how it was asked. */
function createBudget(limit: number) {
  const asked: Array<{ wanted: number; isInteractive: boolean }> = [];
  let window = 0;
  let used = 0;
  return {
    asked,
    async take(wanted: number, { isInteractive }: { isInteractive: boolean }) {
      asked.push({ wanted, isInteractive });
      const current = Math.floor(Date.now() / 1_000);
      if (current !== window) used = 0;
      window = current;
      const granted = Math.min(wanted, limit - used);
      used += granted;
      return { granted, waitMs: granted > 0 ? 0 : (window + 1) * 1_000 - Date.now() };
    },
  };
}

function openLine(options: Partial<BudgetLineOptions> & Pick<BudgetLineOptions, 'take'>) {
  const line = createBudgetLine({ leaseMs: 50, chunk: 5, maxWaitMs: 60_000, now: () => Date.now(), ...options });
  const served: string[] = [];
  const controller = new AbortController();
  return {
    served,
    line,
    abort: () => controller.abort(new Error('cancelled')),
    enter: (name: string, isInteractive = false, signal = controller.signal) =>
      line.wait({ isInteractive, signal }).then((waitMs) => {
        served.push(waitMs === 0 ? name : `${name} away after ${waitMs}`);
        return waitMs;
      }),
  };
}

test('whoever came first goes first, actions before all others', async () => {
  const { enter, served } = openLine(createBudget(2));
  for (const name of ['a', 'b', 'c', 'd']) void enter(name);
  await vi.advanceTimersByTimeAsync(10);
  expect(served).toEqual(['a', 'b']);
  void enter('action 1', true);
  void enter('e');
  void enter('action 2', true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(served).toEqual(['a', 'b', 'action 1', 'action 2']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(served.slice(4)).toEqual(['c', 'd', 'e']);
});

test('an action that comes while syncs wait asks at once, for it may take what is kept', async () => {
  let calls = 0;
  const { enter, served } = openLine({
    take: async (_wanted, { isInteractive }) => {
      calls += 1;
      return isInteractive ? { granted: 1, waitMs: 0 } : { granted: 0, waitMs: 10_000 };
    },
  });
  void enter('sync');
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toBe(1);
  void enter('another sync');
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toBe(1);
  await enter('action', true);
  expect(served).toEqual(['action']);
});

test('whoever leaves the line does not take a call, and an empty line keeps no timer', async () => {
  const { enter, served, abort } = openLine(createBudget(1));
  const other = new AbortController();
  void enter('a', false, other.signal);
  const left = enter('b').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1);
  abort();
  expect(await left).toMatchObject({ message: 'cancelled' });
  expect(vi.getTimerCount()).toBe(0);
  void enter('c', false, other.signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(served).toEqual(['a', 'c']);
});

test('whoever would wait longer than a call may is told so, from the end of the line', async () => {
  const { enter, served } = openLine({ ...createBudget(1), maxWaitMs: 2_500, pace: { limit: 1, windowMs: 1_000 } });
  for (const name of ['a', 'b', 'c', 'd', 'e']) void enter(name);
  await vi.advanceTimersByTimeAsync(1);
  expect(served[0]).toBe('a');
  expect(served.slice(1).every((name) => /^[de] away after/.test(name))).toBe(true);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(served.filter((name) => !name.includes('away'))).toEqual(['a', 'b', 'c']);
});

test('calls are taken in advance where many come, and one by one where few do', async () => {
  const budget = createBudget(1_000);
  const { enter } = openLine(budget);
  for (let call = 0; call < 10; call += 1) {
    await enter('slow');
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(budget.asked.map(({ wanted }) => wanted)).toEqual(Array(10).fill(1));
  for (let call = 0; call < 60; call += 1) await enter('fast');
  expect(budget.asked.length).toBeLessThan(10 + 30);
});

test('calls that were taken in advance are not used once the provider has refused', async () => {
  const budget = createBudget(100);
  const { enter, line } = openLine(budget);
  for (let call = 0; call < 12; call += 1) await enter('a');
  const before = budget.asked.length;
  line.dropLease();
  await enter('b');
  expect(budget.asked.length).toBe(before + 1);
});

test('an error of the budget reaches all who wait, and whoever comes next asks anew', async () => {
  let broken = true;
  const { enter, served } = openLine({
    take: async () => {
      if (broken) throw new Error('the database is gone');
      return { granted: 1, waitMs: 0 };
    },
  });
  const [one, other] = [enter('a'), enter('b')].map((entered) => entered.catch((error: unknown) => error));
  expect(await one).toMatchObject({ message: 'the database is gone' });
  expect(await other).toMatchObject({ message: 'the database is gone' });
  broken = false;
  await enter('c');
  expect(served).toEqual(['c']);
});

test('no window gets more than the budget and nobody starves, however they come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 300 }), isInteractive: fc.boolean() }), {
        maxLength: 40,
      }),
      async (limit, comers) => {
        const { enter, served } = openLine(createBudget(limit));
        const windows = new Map<number, number>();
        const waiting = comers.map(async ({ isInteractive }, index) => {
          const before = comers.slice(0, index + 1).reduce((sum, { afterMs }) => sum + afterMs, 0);
          await new Promise((resolve) => setTimeout(resolve, before));
          await enter(String(index), isInteractive);
          const window = Math.floor(Date.now() / 1_000);
          windows.set(window, (windows.get(window) ?? 0) + 1);
        });
        await vi.advanceTimersByTimeAsync(120_000);
        await Promise.all(waiting);
        expect(served).toHaveLength(comers.length);
        // A lease may reach into the next window, by no more than its time.
        for (const used of windows.values()) expect(used).toBeLessThanOrEqual(limit + 5);
      },
    ),
    { numRuns: 40 },
  );
});
