import { expect, it } from 'vitest';
import { compareVersions } from './compare-versions.ts';

it.each([
  ['0.1.0', '0.1.0', 'same'],
  ['0.1.7', '0.1.0', 'compatible'],
  ['0.1.0', '0.2.0', 'older'],
  ['0.3.0', '0.2.9', 'newer'],
  ['1.9.0', '1.2.0', 'compatible'],
  ['2.0.0', '1.2.0', 'newer'],
  ['0.9.0', '1.0.0', 'older'],
  ['1.0.0-beta.1', '0.9.0', 'newer'],
])('says how %s stands to %s: %s', (server, own, expected) => {
  expect(compareVersions(server, own)).toBe(expected);
});
