import { describe, expect, it } from 'vitest';
import { checkWorkerMessage, WorkerMessageRefused } from './check-worker-message.ts';

const page = {
  sequence: 1,
  model: 'Issue',
  ids: ['1', '2'],
  jsons: ['{"id":1}', '{"id":2}'],
  hashes: new Uint8Array(32),
  removedIds: ['3'],
};
const pageMessage = (changes: object) => ({ type: 'page', runId: 'r', page: { ...page, ...changes } });

describe('checkWorkerMessage', () => {
  it('lets through what a worker says, and nothing beside it', () => {
    expect(checkWorkerMessage(pageMessage({ cursor: 5, extra: 1 }), 'r')).toEqual(pageMessage({ cursor: 5 }));
    expect(checkWorkerMessage({ type: 'started', runId: 'r', extra: 1 }, 'r')).toEqual({ type: 'started', runId: 'r' });
    expect(checkWorkerMessage({ type: 'succeeded', runId: 'r', output: { a: 1 }, reusable: 'yes' }, 'r')).toEqual({
      type: 'succeeded',
      runId: 'r',
      output: { a: 1 },
      reusable: false,
    });
  });

  it('shortens texts that are too long', () => {
    const message = { type: 'failed', runId: 'r', error: { code: 'x', message: 'm'.repeat(1e6) }, reusable: true };
    const checked = checkWorkerMessage(message, 'r');
    expect(checked.type === 'failed' && checked.error.message.length).toBe(20_000);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['another run', { type: 'started', runId: 'other' }],
    ['no run', { type: 'started' }],
    ['an unknown type', { type: 'start', runId: 'r' }],
    ['a page without a model', pageMessage({ model: undefined })],
    ['a page of a model that is no name', pageMessage({ model: 'x; drop table' })],
    ['a sequence that is no number', pageMessage({ sequence: '1' })],
    ['fewer hashes than records', pageMessage({ hashes: new Uint8Array(16) })],
    ['fewer records than ids', pageMessage({ jsons: ['{}'] })],
    ['an id that is no text', pageMessage({ ids: ['1', 2] })],
    ['an id that is too long', pageMessage({ ids: ['1', 'x'.repeat(1_001)] })],
    ['a page of too many removals', pageMessage({ removedIds: Array.from({ length: 1_001 }, String) })],
    ['a page that is too large', pageMessage({ jsons: ['x'.repeat(3e6), 'x'.repeat(3e6)] })],
    ['a cursor that is an object', pageMessage({ cursor: {} })],
    ['a log entry of no level', { type: 'log', runId: 'r', at: 1, level: 'loud', message: 'x' }],
    ['a log entry of no time', { type: 'log', runId: 'r', at: Number.NaN, level: 'info', message: 'x' }],
    ['a log entry after all times', { type: 'log', runId: 'r', at: 1e300, level: 'info', message: 'x' }],
    ['a log entry before all times', { type: 'log', runId: 'r', at: -1e300, level: 'info', message: 'x' }],
    ['an error that is a text', { type: 'failed', runId: 'r', error: 'x', reusable: true }],
  ])('refuses %s', (_name, message) => {
    expect(() => checkWorkerMessage(message, 'r')).toThrow(WorkerMessageRefused);
  });
});
