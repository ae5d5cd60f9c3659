import { defineAction, z } from '@tenon/runtime';

/** https://docs.stripe.com/api/refunds/create */
export default defineAction({
  description: 'Gives back all or a part of a payment',
  input: z.object({
    paymentIntent: z.string().startsWith('pi_'),
    amount: z.int().positive().optional().describe("In the currency's smallest unit. Default: what is left."),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  }),
  output: z.object({
    id: z.string(),
    amount: z.number().int(),
    currency: z.string(),
    status: z.string().nullable().describe('pending, requires_action, succeeded, failed or canceled.'),
  }),
  async run(action) {
    const { paymentIntent, amount, reason } = action.input;
    const form = new URLSearchParams({ payment_intent: paymentIntent });
    if (amount !== undefined) form.set('amount', String(amount));
    if (reason !== undefined) form.set('reason', reason);
    // With this key Stripe answers a repeated request as it answered the first: nobody is refunded twice.
    const options = { headers: { 'idempotency-key': action.runId }, retry: true };
    const { data } = await action.post<{ id: string; amount: number; currency: string; status: string | null }>(
      '/v1/refunds',
      form,
      options,
    );
    return { id: data.id, amount: data.amount, currency: data.currency, status: data.status };
  },
});
