import { expect, test } from 'vitest';
import { createTimeOrderedIds } from './time-ordered-ids.ts';

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are UUIDs of version 7 that carry the time', () => {
  const id = createTimeOrderedIds(() => 0x0190_1234_5678)();
  expect(id).toMatch(version7);
  expect(id.startsWith('01901234-5678-7')).toBe(true);
});

test('ids of one millisecond sort as they were made, even beyond what the counter holds', () => {
  const newRunId = createTimeOrderedIds(() => 1_700_000_000_000);
  const ids = Array.from({ length: 10_000 }, newRunId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('ids still grow when the clock steps back', () => {
  const times = [2_000, 1_000, 1_500];
  const newRunId = createTimeOrderedIds(() => times.shift() ?? 0);
  const ids = [newRunId(), newRunId(), newRunId()];
  expect(ids.toSorted()).toEqual(ids);
});
