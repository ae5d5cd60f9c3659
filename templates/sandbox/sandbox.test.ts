import { runActionInMemory, runSyncInMemory } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import closeIssue from './actions/close-issue.ts';
import createIssue from './actions/create-issue.ts';
import contacts from './syncs/contacts.ts';
import issues from './syncs/issues.ts';

const { provider, fixture } = openTemplate('sandbox');

describe('sandbox', () => {
  it('saves the issues of every page as the API gives them', async () => {
    const exchanges = fixture('issues');
    const { records, requests } = await runSyncInMemory(issues, { provider, exchanges });
    expect(listRecords(records, 'Issue')).toEqual(exchanges.flatMap(({ response }) => response.body));
    expect(records.get('Issue')?.size).toBe(5);
    expect(requests).toHaveLength(2);
  });

  it('follows the cursor of contacts and joins their names', async () => {
    const { records } = await runSyncInMemory(contacts, { provider, exchanges: fixture('contacts') });
    expect([...(records.get('Contact')?.keys() ?? [])]).toEqual(['con_1', 'con_2', 'con_3', 'con_4']);
    const answer = fixture('contacts')[0]?.response.body as { data: { firstName: string; lastName: string }[] };
    const [first] = answer.data;
    expect(records.get('Contact')?.get('con_1')).toMatchObject({ name: `${first?.firstName} ${first?.lastName}` });
  });

  it('opens an issue', async () => {
    const input = { title: 'Printer on fire', labels: ['bug'] };
    const { output } = await runActionInMemory(createIssue, { provider, exchanges: fixture('create-issue'), input });
    expect(output).toEqual({ id: 'iss_6', number: 6 });
  });

  it('closes an issue', async () => {
    const input = { id: 'iss_1' };
    const { output } = await runActionInMemory(closeIssue, { provider, exchanges: fixture('close-issue'), input });
    expect(output).toEqual({ id: 'iss_1', state: 'closed' });
  });

  it('waits as long as a 429 asks and goes on', async () => {
    const { records, requests } = await runSyncInMemory(issues, { provider, exchanges: fixture('rate-limited') });
    expect(requests.map((request) => request.status)).toEqual([429, 200]);
    expect(records.get('Issue')?.size).toBe(6);
  });

  it('fails with the reason of the API', async () => {
    const refused = fixture('create-issue-refused');
    const input = { title: 'Printer on fire', assignee: 'nobody' };
    await expect(runActionInMemory(createIssue, { provider, exchanges: refused, input })).rejects.toMatchObject({
      code: 'provider_error',
      details: { status: 422, body: expect.stringContaining('is not a user') },
    });
    const missing = fixture('close-issue-missing');
    await expect(
      runActionInMemory(closeIssue, { provider, exchanges: missing, input: { id: 'iss_999' } }),
    ).rejects.toMatchObject({ code: 'provider_error', details: { status: 404 } });
  });

  it('says that the key is refused', async () => {
    await expect(runSyncInMemory(issues, { provider, exchanges: fixture('unauthorized') })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
  });
});
