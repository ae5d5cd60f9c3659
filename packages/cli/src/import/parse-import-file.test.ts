import { describe, expect, it } from 'vitest';
import { parseCsv } from './parse-csv.ts';
import { parseImportFile } from './parse-import-file.ts';

describe('parseCsv', () => {
  it('reads quoted cells with commas, quotes and line breaks, and counts lines', () => {
    const text = '\uFEFFid,note,key\r\nu1,"a, ""b""\nc",k1\r\n\r\nu2,,k2\n';
    expect(parseCsv(text)).toEqual([
      { line: 2, values: { id: 'u1', note: 'a, "b"\nc', key: 'k1' } },
      { line: 5, values: { id: 'u2', key: 'k2' } },
    ]);
  });

  it('reads the last row with and without a line break, and a last empty cell', () => {
    expect(parseCsv('a,b\n1,2')).toEqual([{ line: 2, values: { a: '1', b: '2' } }]);
    expect(parseCsv('a,b\n1,')).toEqual([{ line: 2, values: { a: '1' } }]);
    expect(parseCsv('')).toEqual([]);
  });

  it.each(['a,b\n1\n', 'a,b\n1,2,3\n', 'a,b\n"s3cret,2\n', 'a,b\ns3"cret,2\n'])(
    'refuses %j, without its text',
    (text) => {
      expect(() => parseCsv(text)).toThrow(/^Line 2 has/);
      expect(() => parseCsv(text)).not.toThrow('s3');
    },
  );
});

describe('parseImportFile', () => {
  it('reads a list, an object with connections, one object, and an object a line', () => {
    const one = { id: 'u1' };
    const entries = [{ place: 'item 1', value: one }];
    expect(parseImportFile(JSON.stringify([one]), 'a.json')).toEqual(entries);
    expect(parseImportFile(JSON.stringify({ connections: [one] }), 'a.json')).toEqual(entries);
    expect(parseImportFile(JSON.stringify(one), 'a')).toEqual(entries);
    expect(parseImportFile(`\n${JSON.stringify(one)}\n`, 'a.ndjson')).toEqual([{ place: 'line 2', value: one }]);
  });

  it.each([
    ['{"key": s3cret}', 'a.json'],
    ['{"key": s3cret}', 'a.jsonl'],
    ['["s3cret"]', 'a.json'],
  ])('refuses %s in %s, without its text', (text, name) => {
    const error: unknown = (() => {
      try {
        return parseImportFile(text, name);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'usage_invalid' });
    expect(String(error)).not.toContain('s3cret');
  });
});
