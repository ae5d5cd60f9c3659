import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineAction, defineSync, z } from '@tenon/runtime';
import { runActionInMemory, runSyncInMemory, type Exchange } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import addLabels from './actions/add-labels.ts';
import createIssue from './actions/create-issue.ts';
import issues from './syncs/issues.ts';
import repositories from './syncs/repositories.ts';

/**
 * GitHub's own answers, as the package @octokit/fixtures recorded them from api.github.com. Nothing in them is changed;
 * only ids, times and the names of temporary repositories were made stable by that package.
 */
interface OctokitRecording {
  method: string;
  path: string;
  /** Empty text: none. */
  body: unknown;
  status: number;
  headers: Record<string, string | number>;
  response: unknown;
}

const { provider } = openTemplate('github');
const require = createRequire(import.meta.url);

function readScenario(name: string): Exchange[] {
  const entry = require.resolve('@octokit/fixtures');
  const file = new URL(`scenarios/api.github.com/${name}/normalized-fixture.json`, new URL(`file://${entry}`));
  const recordings = JSON.parse(readFileSync(file, 'utf8')) as OctokitRecording[];
  return recordings.map(({ method, path, body, status, headers, response }) => ({
    request: { method: method.toUpperCase(), path, ...(body === '' ? {} : { body }) },
    response: {
      status,
      headers: Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, String(value)])),
      body: response,
    },
  }));
}

const settings = { repos: ['octokit-fixture-org/paginate-issues'], pageSize: 3 };

/**
 * The five recorded pages. The first call was recorded without filter and order, which the sync has; all further
 * addresses are GitHub's own, from its Link headers, and lead to another path than the first call's.
 */
function readIssuePages(): Exchange[] {
  const [first, ...rest] = readScenario('paginate-issues');
  const recorded = '/repos/octokit-fixture-org/paginate-issues/issues?per_page=3';
  if (first?.request.path !== recorded) throw new Error(`The recording does not begin with ${recorded}.`);
  const request = { ...first.request, path: `${recorded}&state=all&sort=updated&direction=desc` };
  return [{ ...first, request }, ...rest];
}

describe("GitHub's recorded answers", () => {
  it('lead the issues sync through all five pages', async () => {
    const exchanges = readIssuePages();
    const { records, requests, partitions } = await runSyncInMemory(issues, { provider, exchanges, settings });
    expect(requests).toHaveLength(5);
    const saved = listRecords(records, 'Issue');
    expect(saved.map((issue) => issue['number'])).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(saved[0]).toEqual({
      id: 1000,
      repo: 'octokit-fixture-org/paginate-issues',
      number: 13,
      title: 'Test issue 13',
      body: null,
      state: 'open',
      stateReason: null,
      author: 'octokit-fixture-user-a',
      assignees: [],
      labels: [],
      milestone: null,
      comments: 42,
      url: 'https://github.com/octokit-fixture-org/paginate-issues/issues/13',
      createdAt: '2017-10-10T16:00:00Z',
      updatedAt: '2017-10-10T16:00:00Z',
      closedAt: null,
    });
    expect(partitions.get('octokit-fixture-org/paginate-issues')?.cursor).toBe('2017-10-10T15:55:00.000Z');
  });

  it('do not pass for complete when a page is missing', async () => {
    const exchanges = readIssuePages().filter((_, index) => index !== 3);
    await expect(runSyncInMemory(issues, { provider, exchanges, settings })).rejects.toMatchObject({
      code: 'replay_unmatched',
      details: { path: '/repositories/1000/issues?per_page=3&page=4' },
    });
  });

  it('open an issue and label it, with the bodies that GitHub was sent', async () => {
    const [opened, labelled] = readScenario('add-labels-to-issue');
    const repo = 'octokit-fixture-org/add-labels-to-issue';
    const first = await runActionInMemory(createIssue, {
      provider,
      exchanges: opened ? [opened] : [],
      input: { repo, title: 'Issue without a label' },
    });
    expect(first.output).toEqual({
      id: 1000,
      number: 1,
      url: 'https://github.com/octokit-fixture-org/add-labels-to-issue/issues/1',
    });
    const second = await runActionInMemory(addLabels, {
      provider,
      exchanges: labelled ? [labelled] : [],
      input: { repo, number: 1, labels: ['Foo', 'bAr', 'baZ'] },
    });
    expect(second.output).toEqual({ labels: ['Foo', 'bAr', 'baZ'] });
  });

  it('fit the repository model', async () => {
    const [single] = readScenario('get-repository');
    // A recorded repository, in a list of one: the scenario reads it by name.
    const exchanges: Exchange[] = [
      {
        request: { method: 'GET', path: '/user/repos?sort=full_name&per_page=100' },
        response: { status: 200, headers: {}, body: [single?.response.body] },
      },
    ];
    const { records } = await runSyncInMemory(repositories, { provider, exchanges });
    expect(listRecords(records, 'Repository')).toMatchObject([
      { id: 1000, name: 'octokit-fixture-org/hello-world', isPrivate: false, defaultBranch: 'master' },
    ]);
  });

  it('keep the reason of a refusal', async () => {
    const createLabel = defineAction({
      input: z.object({ name: z.string(), color: z.string() }),
      output: z.unknown(),
      run: async (action) => (await action.post('/repos/octokit-fixture-org/errors/labels', action.input)).data,
    });
    const input = { name: 'foo', color: 'invalid' };
    const run = runActionInMemory(createLabel, { provider, exchanges: readScenario('errors'), input });
    await expect(run).rejects.toMatchObject({
      code: 'provider_error',
      details: { status: 422, attempts: 1, body: expect.stringContaining('"field":"color"') },
    });
  });

  it('read a search, whose list is inside of the answer', async () => {
    const Found = z.object({ id: z.number(), title: z.string() });
    const search = defineSync({
      models: { Found },
      async run(sync) {
        const pages = sync.paginate<z.infer<typeof Found>>('/search/issues', {
          params: { q: 'sesame repo:octokit-fixture-org/search-issues' },
          // The recorded call leaves the page size to GitHub.
          pagination: { style: 'link', items: 'items', limitParam: undefined },
        });
        for await (const page of pages) await sync.save('Found', page);
      },
    });
    const { records } = await runSyncInMemory(search, { provider, exchanges: readScenario('search-issues') });
    expect(listRecords(records, 'Found').map((issue) => issue['title'])).toEqual([
      'Sesame seeds split without a pop!',
      'The doors don’t open',
    ]);
  });

  it('end a list of one page, which has no Link header', async () => {
    const Label = z.object({ id: z.number(), name: z.string() });
    const labels = defineSync({
      models: { Label },
      async run(sync) {
        const path = '/repos/octokit-fixture-org/labels/labels';
        for await (const page of sync.paginate<z.infer<typeof Label>>(path)) await sync.save('Label', page);
      },
    });
    const [list] = readScenario('labels');
    const asked = list ? [{ ...list, request: { ...list.request, path: `${list.request.path}?per_page=100` } }] : [];
    const { records } = await runSyncInMemory(labels, { provider, exchanges: asked });
    expect(listRecords(records, 'Label').map((label) => label['name'])).toContain('good first issue');
  });

  it('have no body where GitHub answers 204', async () => {
    const [lock] = readScenario('lock-issue');
    const lockIssue = defineAction({
      input: z.object({}),
      output: z.object({ status: z.number(), isEmpty: z.boolean() }),
      async run(action) {
        const { status, data } = await action.put('/repos/octokit-fixture-org/lock-issue/issues/1/lock');
        return { status, isEmpty: data === undefined };
      },
    });
    const { output } = await runActionInMemory(lockIssue, { provider, exchanges: lock ? [lock] : [], input: {} });
    expect(output).toEqual({ status: 204, isEmpty: true });
  });
});
