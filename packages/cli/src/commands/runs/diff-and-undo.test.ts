import type { RecordDifference, SqlViews } from '@tenon/runtime/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleRun } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runViews } from '../views/run-views.ts';
import { runRunsDiff } from './run-runs-diff.ts';
import { runRunsUndo } from './run-runs-undo.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });
const differences: RecordDifference[] = [
  { model: 'Issue', id: '1', change: 'added', changedPaths: ['id'], before: null, after: { id: '1' } },
  { model: 'Issue', id: '2', change: 'updated', changedPaths: ['title', 'n'], before: { n: 1 }, after: { n: 2 } },
  { model: 'Issue', id: '3', change: 'updated', changedPaths: null, before: null, after: { n: 2 } },
];

it('shows what a run changed, page by page, and what differs from another run', async () => {
  const [first, ...rest] = differences;
  server.answerNext(
    'GET',
    { status: 200, body: { items: [first], nextCursor: 'x' } },
    { status: 200, body: { items: rest, nextCursor: null } },
    { status: 200, body: { items: [], nextCursor: null } },
  );
  const test = context();
  await runRunsDiff(test, { id: 'a', other: undefined }, { limit: 100 });
  expect(test.stdout()).toMatch(/^\+ Issue 1\n~ Issue 2 title, n\n~ Issue 3 \(the earlier version is not kept/);
  const other = context();
  await runRunsDiff(other, { id: 'a', other: 'b' }, { limit: 100 });
  expect(other.stdout()).toBe('No difference.\n');
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/v1/runs/a/changes?limit=100',
    '/v1/runs/a/changes?cursor=x&limit=99',
    '/v1/runs/a/diff/b?limit=100',
  ]);
});

it('undoes a run when that is confirmed', async () => {
  const run = sampleRun();
  server.state.runs.push(run);
  await expect(runRunsUndo(context(), run.id, {})).rejects.toMatchObject({ code: 'input_needed' });
  expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  const undone = { runId: run.id, restored: 3, deleted: 12, skipped: 1 };
  server.answerNext('POST', { status: 200, body: undone });
  const test = context();
  await runRunsUndo(test, run.id, { yes: true });
  expect(test.stdout()).toContain('3 records are as before, 12 are deleted');
  expect(test.stderr()).toContain('1 were left');
});

it('lists the views with their columns and how to get at them', async () => {
  const columns = [{ name: 'is_open', type: 'boolean' as const, property: 'isOpen' }];
  const view = { integration: 'github', model: 'Issue', columns };
  const views: SqlViews = {
    items: [
      { ...view, name: 'tenon_dev.github_issue', includesDeleted: false },
      { ...view, name: 'tenon_dev.github_issue_all', includesDeleted: true },
    ],
    nextCursor: null,
    schema: 'tenon_dev',
    available: true,
    connection: 'postgres://<user>:<password>@127.0.0.1:5432/tenon',
  };
  server.answerNext('GET /v1/views', { status: 200, body: views }, { status: 200, body: views });
  const test = context();
  await runViews(test, {});
  expect(test.stdout()).toContain('tenon_dev.github_issue\n  is_open boolean\ntenon_dev.github_issue_all');
  expect(test.stdout()).toContain('grant usage on schema tenon_dev');
  const json = context(true);
  await runViews(json, {});
  expect(JSON.parse(json.stdout())).toEqual(views);
});
