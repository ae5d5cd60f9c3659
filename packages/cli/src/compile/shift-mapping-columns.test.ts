import { SourceMap } from 'node:module';
import { expect, test } from 'vitest';
import { shiftMappingColumns } from './shift-mapping-columns.ts';

// Columns 4, 40 and 100 of one line, at the source columns 0, 1 and 2.
const line = 'IAAA,oCAAC,4DAAC';

function findSourceColumn(mappings: string, column: number): number {
  const map = new SourceMap({
    version: 3,
    file: '',
    sources: ['a.ts'],
    sourcesContent: [],
    names: [],
    mappings,
    sourceRoot: '',
  });
  const entry = map.findEntry(0, column);
  return 'originalColumn' in entry ? entry.originalColumn : -1;
}

test('columns from a place on move, and those before it stay', () => {
  const shifted = shiftMappingColumns(line, { from: 30, by: -25 });
  expect([4, 14, 15, 74, 75].map((column) => findSourceColumn(shifted, column))).toEqual([0, 0, 1, 1, 2]);
});

test('a shift there and back changes nothing', () => {
  const there = shiftMappingColumns(line, { from: 0, by: 1_000 });
  expect(there).not.toBe(line);
  expect(shiftMappingColumns(there, { from: 0, by: -1_000 })).toBe(line);
});

test('a line without segments stays empty', () => {
  expect(shiftMappingColumns('', { from: 0, by: 5 })).toBe('');
});
