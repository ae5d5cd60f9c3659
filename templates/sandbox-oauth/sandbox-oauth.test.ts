import { runActionInMemory, runSyncInMemory } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import assignIssue from './actions/assign-issue.ts';
import createIssue from './actions/create-issue.ts';
import companies from './syncs/companies.ts';
import users from './syncs/users.ts';

const { provider, fixture } = openTemplate('sandbox-oauth');

describe('sandbox-oauth', () => {
  it('reads companies by offset until the total is reached', async () => {
    const { records, requests } = await runSyncInMemory(companies, { provider, exchanges: fixture('companies') });
    expect([...(records.get('Company')?.keys() ?? [])]).toEqual(['com_1', 'com_2', 'com_3', 'com_4', 'com_5']);
    expect(requests).toHaveLength(2);
    expect(records.get('Company')?.get('com_1')).not.toHaveProperty('createdAt');
  });

  it('saves all users of the one answer', async () => {
    const exchanges = fixture('users');
    const { records } = await runSyncInMemory(users, { provider, exchanges });
    expect(listRecords(records, 'User')).toEqual(exchanges[0]?.response.body);
  });

  it('opens an issue', async () => {
    const input = { title: 'Printer on fire' };
    const { output } = await runActionInMemory(createIssue, { provider, exchanges: fixture('create-issue'), input });
    expect(output).toEqual({ id: 'iss_7', number: 7 });
  });

  it('assigns an issue, but to nobody whom the API does not know', async () => {
    const input = { id: 'iss_2', assignee: 'bela2' };
    const { output } = await runActionInMemory(assignIssue, { provider, exchanges: fixture('assign-issue'), input });
    expect(output).toEqual(input);
    const refused = {
      provider,
      exchanges: fixture('assign-issue-refused'),
      input: { id: 'iss_2', assignee: 'nobody' },
    };
    await expect(runActionInMemory(assignIssue, refused)).rejects.toMatchObject({ details: { status: 422 } });
  });

  it('says that the token is refused when it cannot be renewed', async () => {
    await expect(runSyncInMemory(users, { provider, exchanges: fixture('expired') })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
  });
});
