import { defineSync, type z } from '@tenon/runtime';
import { Invoice } from '../models.js';

/** https://docs.stripe.com/api/invoices/object; times are Unix times in seconds. */
interface RawInvoice {
  id: string;
  number: string | null;
  /** An object instead of an id only when it is expanded. */
  customer: string | null;
  status: z.input<typeof Invoice>['status'];
  currency: string;
  total: number;
  amount_due: number;
  amount_paid: number;
  amount_remaining: number;
  due_date: number | null;
  hosted_invoice_url?: string | null;
  created: number;
}

export default defineSync({
  description: 'All invoices',
  models: { Invoice },
  schedule: 'every 1h',
  // An invoice changes long after it was created, and drafts can be deleted: read the list whole.
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<RawInvoice>('/v1/invoices')) {
      await sync.save('Invoice', page.map(toInvoice));
    }
  },
});

function toInvoice(raw: RawInvoice): z.input<typeof Invoice> {
  return {
    id: raw.id,
    number: raw.number,
    customerId: raw.customer,
    status: raw.status,
    currency: raw.currency,
    total: raw.total,
    amountDue: raw.amount_due,
    amountPaid: raw.amount_paid,
    amountRemaining: raw.amount_remaining,
    dueAt: raw.due_date === null ? null : new Date(raw.due_date * 1_000).toISOString(),
    url: raw.hosted_invoice_url ?? null,
    createdAt: new Date(raw.created * 1_000).toISOString(),
  };
}
