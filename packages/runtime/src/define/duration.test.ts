import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    [' 2m ', 120_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '15', 'm', '1.5h', '-1m', '1 m', '1w', '1h30m', '15min'])('refuses "%s" with an example', (text) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: 'definition_invalid', hint: expect.stringContaining('15m') as string }),
    );
  });
});
