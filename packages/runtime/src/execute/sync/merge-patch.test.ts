import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch.ts';

const json = fc.jsonValue({ maxDepth: 4 });

describe('mergePatch', () => {
  it('merges objects at every depth, and replaces lists, dates and null', () => {
    const at = new Date(0);
    expect(
      mergePatch(
        { a: { b: { c: 1, d: 2 }, list: [1, 2] }, e: 1, f: {} },
        { a: { b: { c: 3 }, list: [9] }, e: null, f: at },
      ),
    ).toEqual({ a: { b: { c: 3, d: 2 }, list: [9] }, e: null, f: at });
  });

  it('leaves what the patch leaves out, or has as undefined, as it is', () => {
    expect(mergePatch({ a: 1, b: { c: 2 } }, { a: undefined, b: { c: undefined } })).toEqual({ a: 1, b: { c: 2 } });
  });

  it('takes a key named __proto__ for a key', () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true}}') as unknown;
    const merged = mergePatch({}, patch) as Record<string, unknown>;
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(merged['polluted']).toBeUndefined();
  });

  it('gives the same when a patch is applied once more', () => {
    fc.assert(
      fc.property(json, json, (stored, patch) => {
        const once = mergePatch(stored, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it('changes nothing with a patch of what is there, and nothing of what it was given', () => {
    fc.assert(
      fc.property(json, json, (stored, patch) => {
        const before = JSON.stringify([stored, patch]);
        expect(JSON.stringify(mergePatch(stored, stored))).toBe(JSON.stringify(stored));
        mergePatch(stored, patch);
        expect(JSON.stringify([stored, patch])).toBe(before);
      }),
    );
  });
});
