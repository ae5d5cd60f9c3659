import { expect, it } from 'vitest';
import { listPathValues } from './list-path-values.ts';

const value = { list: [{ id: 1, tags: ['a', 'b'] }, { id: 2, tags: [] }, { other: 3 }, null], one: 'x' };

it.each([
  ['list.*.id', [1, 2]],
  ['list.*.tags.*', ['a', 'b']],
  ['list.0.id', [1]],
  ['one', ['x']],
  ['one.*.id', []],
  ['nothing.*', []],
])('reads %s', (path, expected) => {
  expect(listPathValues(value, path)).toEqual(expected);
});

it('reads a list that is the whole answer', () => {
  expect(listPathValues([{ id: 1 }], '*.id')).toEqual([1]);
  expect(listPathValues([1, 2], '*')).toEqual([1, 2]);
});
