import type { Hold, Quarantined, RecordVersion } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleRun, sampleTime } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runRecordsDecide } from './run-records-decide.ts';
import { runRecordsHistory } from './run-records-history.ts';
import { runRecordsHolds } from './run-records-holds.ts';
import { runRecordsPrune } from './run-records-prune.ts';
import { runRecordsQuarantine } from './run-records-quarantine.ts';
import { runRecordsReplay } from './run-records-replay.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });
const sent = () => server.requests.map(({ method, url }) => `${method} ${url}`);

const run = sampleRun();
const hold: Hold = {
  id: 4,
  integration: 'github',
  connection: 'user1',
  sync: 'issues',
  model: 'Issue',
  runId: run.id,
  records: 80,
  liveRecords: 100,
  status: 'pending',
  createdAt: sampleTime,
  decidedAt: null,
};
const quarantined: Quarantined = {
  id: 9,
  integration: 'github',
  connection: 'user1',
  sync: 'issues',
  model: 'Issue',
  recordId: null,
  data: { title: 1 },
  problems: [{ path: 'title', message: 'expected a text' }],
  runId: run.id,
  createdAt: sampleTime,
};

describe('held deletions', () => {
  it('are listed, and one is shown with its records', async () => {
    server.answerNext('GET /v1/holds?', { status: 200, body: { items: [hold], nextCursor: null } });
    const list = context();
    await runRecordsHolds(list, undefined, { status: 'pending', limit: 50 });
    expect(list.stdout()).toMatch(/4 +github\/issues +user1 +Issue +80 of 100 +pending/);
    server.answerNext('GET /v1/holds/4', { status: 200, body: { hold, ids: ['a', 'b'], nextCursor: 'x' } });
    const one = context(true);
    await runRecordsHolds(one, 4, { limit: 2 });
    expect(JSON.parse(one.stdout())).toMatchObject({ hold: { id: 4 }, ids: ['a', 'b'] });
    expect(sent()).toEqual(['GET /v1/holds?status=pending&limit=50', 'GET /v1/holds/4?limit=2']);
  });

  it('are approved by somebody who was asked, or with --yes', async () => {
    const answer = { status: 200, body: { hold, ids: [], nextCursor: null } };
    server.answerNext('GET /v1/holds/4', answer, answer);
    await expect(runRecordsDecide(context(), { id: 4, decision: 'approve' }, {})).rejects.toMatchObject({
      code: 'input_needed',
    });
    expect(sent()).toEqual(['GET /v1/holds/4?limit=1']);
    const decided = { hold: { ...hold, status: 'approved' }, deleted: 78 };
    server.answerNext('POST /v1/holds/4/approve', { status: 200, body: decided });
    const test = context();
    await runRecordsDecide(test, { id: 4, decision: 'approve' }, { yes: true });
    expect(test.stdout()).toContain('78 records are deleted; 2 had changed since');
  });

  it('are discarded without a question', async () => {
    const decided = { hold: { ...hold, status: 'discarded' }, deleted: 0 };
    server.answerNext('POST /v1/holds/4/discard', { status: 200, body: decided });
    const test = context();
    await runRecordsDecide(test, { id: 4, decision: 'discard' }, {});
    expect(test.stdout()).toContain('80 records stay');
    server.answerNext('POST', refuse(409, 'conflict', 'It was decided already.'));
    await expect(runRecordsDecide(test, { id: 4, decision: 'discard' }, {})).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('the quarantine', () => {
  it('is listed with the reasons', async () => {
    server.answerNext('GET /v1/quarantine', { status: 200, body: { items: [quarantined], nextCursor: null } });
    const test = context();
    await runRecordsQuarantine(test, { connection: 'user1', limit: 20 });
    expect(test.stdout()).toContain('9  github/issues user1 Issue (no id)');
    expect(test.stdout()).toContain('title: expected a text');
    expect(test.stderr()).toContain('tenon records replay');
  });

  it('loses one record, or is tried again', async () => {
    server.answerNext('DELETE /v1/quarantine/9$', { status: 204 });
    await runRecordsQuarantine(context(), { drop: 9, limit: 20 });
    const queued = { ...run, status: 'queued', trigger: 'replay' };
    server.answerNext('POST', { status: 202, body: { run: queued, alreadyRunning: false } });
    const test = context();
    await runRecordsReplay(test, 'github/issues', { connection: 'user1' });
    expect(test.stdout()).toContain(`The run ${run.id} is queued`);
    expect(sent()).toEqual(['DELETE /v1/quarantine/9', 'POST /v1/connections/github/user1/syncs/issues/replay']);
  });
});

it('shows the history of a record', async () => {
  const versions: RecordVersion[] = [
    { data: null, change: 'deleted', changedPaths: [], at: sampleTime, runId: run.id },
    { data: { a: 1 }, change: 'updated', changedPaths: ['a', 'b.c'], at: sampleTime, runId: null },
    { data: { a: 0 }, change: 'updated', changedPaths: null, at: sampleTime, runId: null },
  ];
  server.answerNext('GET', { status: 200, body: { items: versions, nextCursor: '3' } });
  const test = context();
  await runRecordsHistory(test, { name: 'github/Issue', id: 'a/b' }, { connection: 'user1', limit: 3 });
  expect(sent()).toEqual(['GET /v1/connections/github/user1/records/Issue/a%2Fb/history?limit=3']);
  expect(test.stdout()).toMatch(new RegExp(`deleted +${run.id}`));
  expect(test.stdout()).toContain('a, b.c');
  expect(test.stdout()).toContain('not known any more');
  expect(test.stderr()).toContain('--limit');
});

describe('pruning', () => {
  it('asks first, and wants to know what is meant', async () => {
    const flags = { connection: 'user1' };
    await expect(runRecordsPrune(context(), 'github/Issue', { ...flags, yes: true })).rejects.toMatchObject({
      code: 'usage_invalid',
    });
    const dated = { ...flags, deletedBefore: '2026-01-01' };
    await expect(runRecordsPrune(context(), 'github/Issue', dated)).rejects.toMatchObject({ code: 'input_needed' });
    expect(sent()).toEqual([]);
    server.answerNext('POST', { status: 200, body: { pruned: 3 } });
    const test = context();
    await runRecordsPrune(test, 'github/Issue', { ...dated, yes: true });
    expect(test.stdout()).toContain('3 records are removed');
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ deletedBefore: '2026-01-01T00:00:00.000Z' });
  });
});
