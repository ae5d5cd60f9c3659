import { runActionInMemory, runSyncInMemory } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import createCustomer from './actions/create-customer.ts';
import createRefund from './actions/create-refund.ts';
import customers from './syncs/customers.ts';
import invoices from './syncs/invoices.ts';

const { provider, fixture } = openTemplate('stripe');

describe('stripe syncs', () => {
  it('save the customers of every page, each asked for after the last one of the page before', async () => {
    const { records } = await runSyncInMemory(customers, { provider, exchanges: fixture('customers') });
    expect(listRecords(records, 'Customer')).toEqual([
      {
        id: 'cus_NffrFeUfNV2Hib',
        name: 'Jenny Rosen',
        email: 'jennyrosen@example.com',
        description: null,
        currency: null,
        balance: 0,
        isDelinquent: false,
        isLive: false,
        createdAt: '2023-04-07T18:59:53.000Z',
      },
      expect.objectContaining({ id: 'cus_NeGfPRiPKxeBi1', currency: 'usd', balance: -500, isDelinquent: true }),
      expect.objectContaining({ id: 'cus_9s6XKzkNRiz8i3', name: null, email: null, balance: 0, isDelinquent: false }),
    ]);
  });

  it('save the invoices of every page', async () => {
    const { records } = await runSyncInMemory(invoices, { provider, exchanges: fixture('invoices') });
    expect(listRecords(records, 'Invoice')).toEqual([
      {
        id: 'in_1MtHbELkdIwHu7ixl4OzzPMv',
        number: '0759376C-0001',
        customerId: 'cus_NeZwdNtLEOXuvB',
        status: 'open',
        currency: 'usd',
        total: 2000,
        amountDue: 2000,
        amountPaid: 0,
        amountRemaining: 2000,
        dueAt: '2023-04-11T21:41:07.000Z',
        url: 'https://invoice.stripe.com/i/acct_1032D82eZvKYlo2C/test_YWNjdF8',
        createdAt: '2023-04-04T21:41:07.000Z',
      },
      expect.objectContaining({ status: 'draft', number: null, dueAt: null, url: null }),
    ]);
  });

  it('go on after a rate limit', async () => {
    const { requests } = await runSyncInMemory(customers, { provider, exchanges: fixture('rate-limited') });
    expect(requests.map((request) => request.status)).toEqual([429, 200]);
  });

  it('say that the key is refused', async () => {
    const run = runSyncInMemory(customers, { provider, exchanges: fixture('unauthorized') });
    await expect(run).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });
});

describe('stripe actions', () => {
  it('create a customer, repeated after a failure because each attempt has an idempotency key', async () => {
    const { output, requests } = await runActionInMemory(createCustomer, {
      provider,
      exchanges: fixture('create-customer'),
      input: { name: 'Jenny Rosen', email: 'jennyrosen@example.com', metadata: { order_id: '6735' } },
    });
    expect(output).toEqual({ id: 'cus_NffrFeUfNV2Hib' });
    expect(requests.map((request) => request.status)).toEqual([500, 200]);
  });

  it('refund a part of a payment', async () => {
    const { output } = await runActionInMemory(createRefund, {
      provider,
      exchanges: fixture('create-refund'),
      input: { paymentIntent: 'pi_1GszsK2eZvKYlo2CfhZyoZLp', amount: 500, reason: 'requested_by_customer' },
    });
    expect(output).toEqual({ id: 're_1Nispe2eZvKYlo2Cd31jOCgZ', amount: 500, currency: 'usd', status: 'succeeded' });
  });

  it('refund nothing twice', async () => {
    const exchanges = fixture('create-refund-twice');
    const input = { paymentIntent: 'pi_1GszsK2eZvKYlo2CfhZyoZLp' };
    await expect(runActionInMemory(createRefund, { provider, exchanges, input })).rejects.toMatchObject({
      code: 'provider_error',
      details: { status: 400, body: expect.stringContaining('charge_already_refunded') },
    });
  });
});
