import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashRecord } from './hash-record.ts';

it('is the first 16 bytes of SHA-256 over the UTF-8 text', () => {
  const json = '{"title":"Größe 😀"}';
  const expected = createHash('sha256').update(json).digest().subarray(0, 16);
  expect(Buffer.from(hashRecord(json)).equals(expected)).toBe(true);
});
