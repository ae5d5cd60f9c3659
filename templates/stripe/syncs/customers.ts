import { defineSync, type z } from '@tenon/runtime';
import { Customer } from '../models.js';

/** https://docs.stripe.com/api/customers/object */
interface RawCustomer {
  id: string;
  name?: string | null;
  email: string | null;
  description: string | null;
  currency?: string | null;
  balance?: number;
  delinquent?: boolean | null;
  livemode: boolean;
  /** Unix time in seconds, as all of Stripe's times. */
  created: number;
}

/** https://docs.stripe.com/api/events/object */
interface CustomerEvent {
  type: string;
  data: { object: RawCustomer & { object: string } };
}

export default defineSync({
  description: 'All customers',
  models: { Customer },
  schedule: 'every 1h',
  // The list can be asked for new customers only, not for changed ones, and leaves out deleted ones: read it whole.
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<RawCustomer>('/v1/customers')) {
      await sync.save('Customer', page.map(toCustomer));
    }
  },
  async onWebhook(sync, event) {
    const { type, data } = event.body as CustomerEvent;
    // customer.subscription.updated and the like are about other objects.
    if (data.object.object !== 'customer') return;
    if (type === 'customer.deleted') await sync.delete('Customer', [data.object.id]);
    else await sync.save('Customer', [toCustomer(data.object)]);
  },
});

function toCustomer(raw: RawCustomer): z.input<typeof Customer> {
  return {
    id: raw.id,
    name: raw.name ?? null,
    email: raw.email,
    description: raw.description,
    currency: raw.currency ?? null,
    balance: raw.balance ?? 0,
    isDelinquent: raw.delinquent ?? false,
    isLive: raw.livemode,
    createdAt: new Date(raw.created * 1_000).toISOString(),
  };
}
