import { describe, expect, it } from 'vitest';
import { compareCursors } from './compare-cursors.ts';
import { createRunCursor, readCursorValue, type RunCursorOptions } from './run-cursor.ts';

function cursorOf(
  options: Partial<RunCursorOptions['options']>,
  start?: string | number,
): ReturnType<typeof createRunCursor> & { warnings: number } {
  const state = { warnings: 0 };
  const cursor = createRunCursor({
    options: { field: 'at', initial: null, order: 'ascending', lagMs: 0, ...options },
    start,
    onOutOfOrder: () => {
      state.warnings += 1;
    },
  });
  return Object.assign(state, cursor);
}

describe('createRunCursor', () => {
  it('gives the largest value seen with each page when the order is ascending', () => {
    const cursor = cursorOf({});
    cursor.see(1);
    cursor.see(3);
    expect(cursor.takeForPage()).toBe(3);
    cursor.see(3);
    expect(cursor.takeForPage()).toBeUndefined();
    cursor.see(4);
    expect(cursor.takeForPage()).toBe(4);
    expect(cursor.takeAtEnd()).toBeUndefined();
  });

  it('gives it at the end only when the order is unordered', () => {
    const cursor = cursorOf({ order: 'unordered' });
    cursor.see(9);
    cursor.see(3);
    expect(cursor.takeForPage()).toBeUndefined();
    expect(cursor.takeAtEnd()).toBe(9);
  });

  it('stops where the reading began when the order is unordered, for pages read before may have changed since', () => {
    const beganMs = Date.parse('2024-01-01T00:10:00.500Z');
    const unordered = (value: string | number, lagMs = 0) => {
      const cursor = createRunCursor({
        options: { field: 'at', initial: null, order: 'unordered', lagMs },
        start: undefined,
        beganMs,
        onOutOfOrder: () => undefined,
      });
      cursor.see(value);
      return cursor.takeAtEnd();
    };
    expect(unordered('2024-01-01T00:11:00Z')).toBe('2024-01-01T00:10:00Z');
    expect(unordered('2024-01-01T02:11:00.123456+02:00')).toBe('2024-01-01T00:10:00.500Z');
    expect(unordered('2024-01-01T00:11:00Z', 60_000)).toBe('2024-01-01T00:09:00.000Z');
    expect(unordered('2024-01-01T00:09:00Z')).toBe('2024-01-01T00:09:00Z');
    expect(unordered('2024-01-02')).toBe('2024-01-02');
    expect(unordered(beganMs + 1)).toBe(beganMs + 1);
  });

  it('stops committing with pages, and says so once, when ascending turns out to be wrong', () => {
    const cursor = cursorOf({});
    for (const at of [5, 4, 3, 8]) cursor.see(at);
    expect(cursor.takeForPage()).toBeUndefined();
    expect(cursor.warnings).toBe(1);
    expect(cursor.takeAtEnd()).toBe(8);
  });

  it('never moves back behind where the run started', () => {
    const cursor = cursorOf({}, '2024-01-02T00:00:00Z');
    cursor.see('2024-01-01T00:00:00Z');
    expect(cursor.takeForPage()).toBeUndefined();
    expect(cursor.takeAtEnd()).toBeUndefined();
  });

  it('subtracts the lag from ISO times, but not below the start', () => {
    const cursor = cursorOf({ lagMs: 300_000 }, '2024-01-01T00:00:00.000Z');
    cursor.see('2024-01-01T00:04:00Z');
    expect(cursor.takeForPage()).toBeUndefined();
    cursor.see('2024-01-01T00:10:00Z');
    expect(cursor.takeForPage()).toBe('2024-01-01T00:05:00.000Z');
  });

  it('goes back to where the run started when older records come behind what it proved', () => {
    const cursor = cursorOf({}, 1);
    cursor.see(5);
    expect(cursor.takeForPage()).toBe(5);
    cursor.see(3);
    expect(cursor.takeForPage()).toBe(1);
    cursor.see(9);
    expect(cursor.takeForPage()).toBeUndefined();
    expect(cursor.takeAtEnd()).toBe(9);
  });
});

describe('readCursorValue', () => {
  it.each([[null], [''], [{}], [Number.NaN], [undefined], [new Date('x')]])('cannot read %s', (value) => {
    expect(readCursorValue(value)).toBeUndefined();
  });
});

describe('compareCursors', () => {
  it.each([
    [1, 10, -1],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.500Z', -1],
    ['2024-01-01T02:00:00+02:00', '2024-01-01T00:30:00Z', -1],
    ['2024-01-01T00:00:00.123456Z', '2024-01-01T00:00:00.123457Z', -1],
    ['b', 'a', 1],
    ['same', 'same', 0],
  ])('orders %s and %s', (left, right, sign) => {
    expect(Math.sign(compareCursors(left, right))).toBe(sign);
    expect(Math.sign(compareCursors(right, left))).toBe(sign === 0 ? 0 : -sign);
  });

  it('takes back what it committed on a first run whose order turns out to be wrong', () => {
    const options = { field: 'at', initial: null, order: 'ascending' as const, lagMs: 0 };
    const cursor = createRunCursor({ options, start: undefined, beganMs: 0, onOutOfOrder: () => undefined });
    cursor.see(5);
    expect(cursor.takeForPage()).toBe(5);
    cursor.see(3);
    expect(cursor.takeForPage()).toBeNull();
    expect(cursor.takeForPage()).toBeUndefined();
    expect(cursor.takeAtEnd()).toBe(5);
  });
});
