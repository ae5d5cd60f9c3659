import type { Schedule } from './next-run.ts';

/** 2^32 / golden ratio: multiples of it, modulo 2^32, spread consecutive ids evenly. */
const goldenRatio = 2_654_435_761;

/**
 * How much later than its schedule says a sync runs, in milliseconds: always the same for a sync, so its order and its
 * phase stay. `upsert-syncs.ts` counts the same in SQL.
 */
export function findJitter(syncId: number | string, { jitterMs = 0 }: Pick<Schedule, 'jitterMs'>): number {
  const hash = Math.imul(Number(syncId) % 2 ** 31, goldenRatio) >>> 0;
  return Math.floor((hash * jitterMs) / 2 ** 32);
}
