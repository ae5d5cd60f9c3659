import { runActionInMemory, runSyncInMemory } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import addLabels from './actions/add-labels.ts';
import createIssue from './actions/create-issue.ts';
import issues from './syncs/issues.ts';
import repositories from './syncs/repositories.ts';

const { provider, fixture } = openTemplate('github');
const repo = 'octocat/Hello-World';

describe('github issues', () => {
  it('saves the issues of every page and leaves pull requests out', async () => {
    const exchanges = fixture('issues');
    const { records, partitions } = await runSyncInMemory(issues, {
      provider,
      exchanges,
      settings: { repos: [repo] },
    });
    expect(listRecords(records, 'Issue')).toEqual([
      {
        id: 1,
        repo,
        number: 1347,
        title: 'Found a bug',
        body: "I'm having a problem with this.",
        state: 'open',
        stateReason: null,
        author: 'octocat',
        assignees: ['octocat'],
        labels: ['bug'],
        milestone: 'v1.0',
        comments: 0,
        url: 'https://github.com/octocat/Hello-World/issues/1347',
        createdAt: '2011-04-22T13:33:48Z',
        updatedAt: '2011-04-24T10:00:00Z',
        closedAt: null,
      },
      expect.objectContaining({
        id: 3,
        author: null,
        assignees: [],
        labels: ['help wanted'],
        milestone: null,
        state: 'closed',
        stateReason: 'completed',
        closedAt: '2011-04-22T13:33:48Z',
      }),
    ]);
    // Five minutes before the newest change.
    expect(partitions.get(repo)?.cursor).toBe('2011-04-24T09:55:00.000Z');
  });

  it('asks every repository for the changes since its own cursor', async () => {
    const { records, partitions } = await runSyncInMemory(issues, {
      provider,
      exchanges: fixture('issues-since'),
      settings: { repos: [repo, 'octocat/Spoon-Knife'] },
      partitions: {
        [repo]: { cursor: '2011-04-24T09:30:00.000Z' },
        'octocat/Spoon-Knife': { cursor: '2011-04-24T09:30:00.000Z' },
      },
    });
    expect(records.get('Issue')?.get('1')).toMatchObject({ comments: 1 });
    expect(partitions.get(repo)?.cursor).toBe('2011-04-25T07:55:00.000Z');
    expect(partitions.get('octocat/Spoon-Knife')?.cursor).toBe('2011-04-24T09:30:00.000Z');
  });

  it('waits out both kinds of rate limit, which answer 403', async () => {
    const exchanges = fixture('issues-rate-limited');
    const { requests } = await runSyncInMemory(issues, { provider, exchanges, settings: { repos: [repo] } });
    expect(requests.map((request) => request.status)).toEqual([403, 403, 200]);
  });

  it('does not take a 403 that forbids for a rate limit', async () => {
    const run = runSyncInMemory(issues, { provider, exchanges: fixture('forbidden'), settings: { repos: [repo] } });
    await expect(run).rejects.toMatchObject({ code: 'provider_error', details: { status: 403, attempts: 1 } });
  });

  it('refuses settings that are not repositories', async () => {
    const run = runSyncInMemory(issues, { provider, settings: { repos: ['https://github.com/octocat'] } });
    await expect(run).rejects.toMatchObject({ code: 'settings_invalid' });
  });
});

describe('github repositories', () => {
  it('saves the repositories of every page', async () => {
    const { records } = await runSyncInMemory(repositories, { provider, exchanges: fixture('repositories') });
    expect(listRecords(records, 'Repository')).toEqual([
      {
        id: 1296269,
        name: repo,
        description: 'This your first repo!',
        isPrivate: false,
        isFork: false,
        isArchived: false,
        defaultBranch: 'master',
        language: null,
        stars: 80,
        openIssues: 0,
        url: 'https://github.com/octocat/Hello-World',
        updatedAt: '2011-01-26T19:14:43Z',
        pushedAt: '2011-01-26T19:06:43Z',
      },
      expect.objectContaining({ name: 'octocat/Spoon-Knife', isPrivate: true, isFork: true, pushedAt: null }),
    ]);
  });

  it('says that the token is refused', async () => {
    const run = runSyncInMemory(repositories, { provider, exchanges: fixture('unauthorized') });
    await expect(run).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });
});

describe('github actions', () => {
  it('open an issue', async () => {
    const { output } = await runActionInMemory(createIssue, {
      provider,
      exchanges: fixture('create-issue'),
      input: {
        repo,
        title: 'Found a bug',
        body: "I'm having a problem with this.",
        labels: ['bug'],
        assignees: ['octocat'],
      },
    });
    expect(output).toEqual({ id: 1, number: 1347, url: 'https://github.com/octocat/Hello-World/issues/1347' });
  });

  it('tell why GitHub opens none', async () => {
    const exchanges = fixture('create-issue-disabled');
    const run = runActionInMemory(createIssue, { provider, exchanges, input: { repo, title: 'Found a bug' } });
    await expect(run).rejects.toMatchObject({
      code: 'provider_error',
      details: { status: 410, body: expect.stringContaining('Issues has been disabled') },
    });
  });

  it('add labels and tell all that the issue has now', async () => {
    const input = { repo, number: 1347, labels: ['enhancement'] };
    const { output } = await runActionInMemory(addLabels, { provider, exchanges: fixture('add-labels'), input });
    expect(output).toEqual({ labels: ['bug', 'enhancement'] });
  });
});
