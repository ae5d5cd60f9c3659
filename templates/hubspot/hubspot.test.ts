import { runActionInMemory, runSyncInMemory } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import createContact from './actions/create-contact.ts';
import updateCompany from './actions/update-company.ts';
import companies from './syncs/companies.ts';
import contacts from './syncs/contacts.ts';

const { provider, fixture } = openTemplate('hubspot');

describe('hubspot contacts', () => {
  it('are saved from every page', async () => {
    const { records } = await runSyncInMemory(contacts, { provider, exchanges: fixture('contacts') });
    expect(listRecords(records, 'Contact')).toEqual([
      {
        id: '1',
        email: 'emailmaria@hubspot.com',
        firstName: 'Maria',
        lastName: 'Johnson (Sample Contact)',
        phone: null,
        jobTitle: 'Salesperson',
        lifecycleStage: 'lead',
        createdAt: '2024-09-12T11:36:05.267Z',
        updatedAt: '2024-09-12T11:36:22.982Z',
      },
      expect.objectContaining({ id: '51', firstName: 'Brian' }),
      expect.objectContaining({ id: '101', email: null, firstName: null, lifecycleStage: null }),
    ]);
  });

  it('are read on after refusals for the ten-second limit, which tell no time to wait for', async () => {
    const { records, requests } = await runSyncInMemory(contacts, { provider, exchanges: fixture('rate-limited') });
    expect(requests).toHaveLength(7);
    expect(records.get('Contact')?.size).toBe(1);
  });

  it('are not read with a token that HubSpot does not know', async () => {
    const run = runSyncInMemory(contacts, { provider, exchanges: fixture('unauthorized') });
    await expect(run).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('can be created', async () => {
    const input = { email: 'example@hubspot.com', firstName: 'Jane', lastName: 'Doe' };
    const { output } = await runActionInMemory(createContact, {
      provider,
      exchanges: fixture('create-contact'),
      input,
    });
    expect(output).toEqual({ id: '512' });
  });

  it('cannot be created twice', async () => {
    const exchanges = fixture('create-contact-exists');
    const run = runActionInMemory(createContact, { provider, exchanges, input: { email: 'example@hubspot.com' } });
    await expect(run).rejects.toMatchObject({
      code: 'provider_error',
      details: { status: 409, attempts: 1, body: expect.stringContaining('Existing ID: 512') },
    });
  });
});

describe('hubspot companies', () => {
  it('are saved from every page, their numbers as numbers', async () => {
    const { records } = await runSyncInMemory(companies, { provider, exchanges: fixture('companies') });
    expect(listRecords(records, 'Company')).toEqual([
      {
        id: '5775',
        name: 'Biglytics',
        domain: 'biglytics.net',
        industry: 'COMPUTER_SOFTWARE',
        city: 'Cambridge',
        country: 'United States',
        employees: 250,
        createdAt: '2019-10-30T03:30:17.883Z',
        updatedAt: '2019-12-07T16:50:06.678Z',
      },
      expect.objectContaining({ id: '5780', name: null, city: null, employees: null }),
    ]);
  });

  it('can be changed in part', async () => {
    const { output } = await runActionInMemory(updateCompany, {
      provider,
      exchanges: fixture('update-company'),
      input: { id: '5775', name: 'Biglytics GmbH', employees: 300 },
    });
    expect(output).toEqual({ id: '5775', updatedAt: '2019-12-07T16:50:06.678Z' });
  });
});
