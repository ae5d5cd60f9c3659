import { expect, it } from 'vitest';
import { measureDepth } from './measure-depth.ts';

it.each([
  ['', 0],
  ['"[[["', 0],
  ['{}', 1],
  ['{"a":[{"b":1}],"c":[]}', 3],
  ['"\\"[" [', 1],
  ['["\\\\",[]]', 2],
  ['[[[', 3],
  [']]][', 0],
])('the depth of %s is %i', (text, depth) => {
  expect(measureDepth(text)).toBe(Math.max(depth, 0));
});
