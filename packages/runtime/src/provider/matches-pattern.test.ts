import { describe, expect, it } from 'vitest';
import { findFieldProblems } from './field-problems.ts';
import { matchesPattern } from './matches-pattern.ts';

describe('matchesPattern', () => {
  it('holds for the whole value, whatever its alternatives', () => {
    expect(matchesPattern('eu', { pattern: 'eu|us' })).toBe(true);
    expect(matchesPattern('eu.evil', { pattern: 'eu|us' })).toBe(false);
    expect(matchesPattern('eu\n', { pattern: 'eu|us' })).toBe(false);
    expect(matchesPattern('anything', {})).toBe(true);
  });

  it('does not try values that nobody has, which may take very long', () => {
    const letters = 'a'.repeat(5_000);
    expect(matchesPattern(letters, { pattern: 'a+' })).toBe(false);
    expect(matchesPattern(letters, { pattern: 'a+', multiline: true })).toBe(true);
    const field = { title: 'Host', pattern: 'a+', multiline: false, secret: false, optional: false };
    expect(findFieldProblems({ host: letters }, { host: field }, 'config.')).toMatchObject([{ path: 'config.host' }]);
  });
});
