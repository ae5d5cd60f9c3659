import { describe, expect, it } from 'vitest';
import { logLimits } from '../execute/log-limits.ts';
import { createRunLog, type RunLogEntry } from './run-log.ts';

function record() {
  const entries: RunLogEntry[] = [];
  const log = createRunLog({
    write: (entry) => entries.push(entry),
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
  });
  return { entries, log };
}

describe('createRunLog', () => {
  it('writes messages and data without secrets', () => {
    const { entries, log } = record();
    log('info', 'hunter2 logs in', { password: 'hunter2', at: new Date(0) });
    expect(entries).toMatchObject([
      {
        level: 'info',
        message: '[redacted] logs in',
        data: { at: '1970-01-01T00:00:00.000Z', password: '[redacted]' },
      },
    ]);
  });

  it.each([
    ['a list', [1, 2], { value: [1, 2] }],
    ['a text', 'x', { value: 'x' }],
    ['a BigInt inside', { a: 1n }, { value: '{ a: 1n }' }],
    ['an error', new RangeError('too far'), { value: expect.stringContaining('RangeError: too far') }],
  ])('shows data that is %s', (_name, data, shown) => {
    const { entries, log } = record();
    log('warn', 'x', data);
    expect(entries[0]?.data).toEqual(shown);
  });

  it('shortens long messages and long data', () => {
    const { entries, log } = record();
    log('info', 'x'.repeat(1e6), { text: 'y'.repeat(1e6) });
    expect(entries[0]?.message).toMatch(/\[\.\.\. 990000 characters more\]$/);
    expect(Object.keys(entries[0]?.data ?? {})).toEqual(['truncated']);
  });

  it('stops at its limit of entries, and says so once', () => {
    const { entries, log } = record();
    for (let n = 0; n < logLimits.entries + 50; n += 1) log('info', String(n));
    expect(entries).toHaveLength(logLimits.entries + 1);
    expect(entries.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('full') });
  });

  it('stops at its limit of text', () => {
    const { entries, log } = record();
    for (let n = 0; n < 1_000; n += 1) log('info', 'x'.repeat(logLimits.messageLength));
    expect(entries).toHaveLength(logLimits.totalLength / logLimits.messageLength + 1);
  });
});
