import { expect, it } from 'vitest';
import { compareVersions } from './compare-versions.ts';

it.each([
  ['1.2.3', '1.2.3', 0],
  ['1.10.0', '1.9.9', 1],
  ['0.9.0', '1.0.0', -1],
  ['1.0.0-rc.1', '1.0.0', -1],
  ['v2.0.0', '1.9.0', 1],
  ['unknown', '1.0.0', 0],
])('orders %s and %s', (first, second, sign) => expect(Math.sign(compareVersions(first, second))).toBe(sign));
