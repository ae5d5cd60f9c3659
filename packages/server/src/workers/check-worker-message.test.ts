import { describe, expect, it } from 'vitest';
import { checkWorkerMessage, WorkerMessageRefused } from './check-worker-message.ts';

const run = { runId: 'r', kind: 'sync', mode: 'run' } as const;
const page = {
  sequence: 1,
  model: 'Issue',
  ids: ['1', '2'],
  jsons: ['{"id":1}', '{"id":2}'],
  hashes: new Uint8Array(32),
  deletedIds: ['3'],
  partition: '',
  observedMs: new Float64Array(2),
  deletedObservedMs: 0,
  quarantined: [],
  settledQuarantine: [],
};
const pageMessage = (changes: object) => ({ type: 'page', runId: 'r', page: { ...page, ...changes } });

const ask = (question: object) => ({ type: 'ask', runId: 'r', askId: 1, ask: question });
const ids = (count: number) => Array.from({ length: count }, String);

describe('checkWorkerMessage', () => {
  it('lets through what a worker says, and nothing beside it', () => {
    expect(checkWorkerMessage(pageMessage({ cursor: 5, extra: 1 }), run)).toEqual(pageMessage({ cursor: 5 }));
    expect(checkWorkerMessage({ type: 'started', runId: 'r', extra: 1 }, run)).toEqual({ type: 'started', runId: 'r' });
    expect(checkWorkerMessage({ type: 'succeeded', runId: 'r', output: { a: 1 }, reusable: 'yes' }, run)).toEqual({
      type: 'succeeded',
      runId: 'r',
      output: { a: 1 },
      reusable: false,
    });
  });

  it('shortens texts that are too long', () => {
    const message = { type: 'failed', runId: 'r', error: { code: 'x', message: 'm'.repeat(1e6) }, reusable: true };
    const checked = checkWorkerMessage(message, run);
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
    ['a page of too many removals', pageMessage({ deletedIds: Array.from({ length: 1_001 }, String) })],
    ['a page that is too large', pageMessage({ jsons: ['x'.repeat(3e6), 'x'.repeat(3e6)] })],
    ['a cursor that is an object', pageMessage({ cursor: {} })],
    ['a log entry of no level', { type: 'log', runId: 'r', at: 1, level: 'loud', message: 'x' }],
    ['a log entry of no time', { type: 'log', runId: 'r', at: Number.NaN, level: 'info', message: 'x' }],
    ['a log entry after all times', { type: 'log', runId: 'r', at: 1e300, level: 'info', message: 'x' }],
    ['a log entry before all times', { type: 'log', runId: 'r', at: -1e300, level: 'info', message: 'x' }],
    ['a question that nobody knows', ask({ kind: 'all-credentials' })],
    ['a question with no number', { type: 'ask', runId: 'r', askId: 'x', ask: { kind: 'credentials' } }],
    ['a question about too many records', ask({ kind: 'read-records', model: 'Issue', ids: ids(1_001) })],
    ['a question for too long a list', ask({ kind: 'list-records', model: 'Issue', limit: 1e9 })],
    ['a lock without an end', ask({ kind: 'lock', name: 'x', scope: 'connection', ttlMs: Number.POSITIVE_INFINITY })],
    ['a lock of all', ask({ kind: 'lock', name: 'x', scope: 'server', ttlMs: 1 })],
    ['a variable of no name', ask({ kind: 'variable', name: '' })],
    ['a question for the quarantine outside of a replay', ask({ kind: 'list-quarantined', after: 0, limit: 1 })],
    ['times that are no numbers', pageMessage({ observedMs: ['1', '2'] })],
    ['a time before all times', pageMessage({ observedMs: new Float64Array([-1, 0]) })],
    ['the quarantine of another place', pageMessage({ settledQuarantine: [-1] })],
    ['a partition that is too long', pageMessage({ partition: 'x'.repeat(501) })],
    ['a checkpoint that is too large', pageMessage({ checkpoint: 'x'.repeat(1_000_001) })],
    ['progress that is a list', pageMessage({ progress: [] })],
    ['an error that is a text', { type: 'failed', runId: 'r', error: 'x', reusable: true }],
  ])('refuses %s', (_name, message) => {
    expect(() => checkWorkerMessage(message, run)).toThrow(WorkerMessageRefused);
  });

  const syncQuestions = [
    { kind: 'partition-state', partition: 'a' },
    { kind: 'read-records', model: 'Issue', ids: ['1'] },
    { kind: 'list-records', model: 'Issue', limit: 10 },
  ];

  it.each(syncQuestions)('lets syncs ask $kind, and nobody else', (question) => {
    expect(checkWorkerMessage(ask(question), run)).toEqual(ask(question));
    for (const kind of ['action', 'hook'] as const) {
      expect(() => checkWorkerMessage(ask(question), { runId: 'r', kind })).toThrow(WorkerMessageRefused);
    }
  });

  it('shows the quarantine to replays alone', () => {
    const question = ask({ kind: 'list-quarantined', after: 0, limit: 10 });
    expect(checkWorkerMessage(question, { ...run, mode: 'replay' })).toEqual(question);
    expect(() => checkWorkerMessage(question, { runId: 'r', kind: 'action' })).toThrow(WorkerMessageRefused);
  });

  it('takes records of syncs alone, and answers no question of hooks', () => {
    for (const kind of ['action', 'hook'] as const) {
      expect(() => checkWorkerMessage(pageMessage({}), { runId: 'r', kind })).toThrow(WorkerMessageRefused);
    }
    const question = ask({ kind: 'credentials' });
    expect(checkWorkerMessage(question, { runId: 'r', kind: 'action' })).toEqual(question);
    expect(() => checkWorkerMessage(question, { runId: 'r', kind: 'hook' })).toThrow(WorkerMessageRefused);
  });
});
