import { expect, test } from 'vitest';
import { findChangedPaths } from './find-changed-paths.ts';

test('says which fields differ, as deep as both versions have an object', () => {
  const before = { id: '1', title: 'a', author: { login: 'ada', team: { name: 'x' } }, labels: ['a'], gone: 1 };
  const after = { id: '1', title: 'b', author: { login: 'ada', team: { name: 'y' } }, labels: ['a', 'b'], come: null };
  expect(findChangedPaths(before, after)).toEqual(['title', 'author.team.name', 'labels', 'gone', 'come']);
  expect(findChangedPaths(before, structuredClone(before))).toEqual([]);
});

test('an object that becomes something else is one path, and null is not absent', () => {
  expect(findChangedPaths({ a: { b: 1 } }, { a: null })).toEqual(['a']);
  expect(findChangedPaths({ a: { b: 1 } }, { a: [1] })).toEqual(['a']);
  expect(findChangedPaths({}, { a: null })).toEqual(['a']);
});

test('everything is new against nothing', () => {
  expect(findChangedPaths(null, { id: '1', a: { b: 1 } })).toEqual(['id', 'a']);
});
