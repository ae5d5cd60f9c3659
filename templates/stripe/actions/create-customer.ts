import { defineAction, z } from '@tenon/runtime';

/** https://docs.stripe.com/api/customers/create */
export default defineAction({
  description: 'Creates a customer',
  input: z.object({
    name: z.string().optional(),
    email: z.email().optional(),
    description: z.string().optional(),
    metadata: z.record(z.string().max(40), z.string().max(500)).optional().describe('Up to 50 values of your own.'),
  }),
  output: z.object({ id: z.string() }),
  async run(action) {
    const { metadata = {}, ...customer } = action.input;
    // Stripe takes forms; a nested value has its path in its name.
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(customer)) if (value !== undefined) form.set(name, value);
    for (const [key, value] of Object.entries(metadata)) form.set(`metadata[${key}]`, value);
    // With this key Stripe answers a repeated request as it answered the first, so repeating is safe.
    const options = { headers: { 'idempotency-key': action.runId }, retry: true };
    const { data } = await action.post<{ id: string }>('/v1/customers', form, options);
    return { id: data.id };
  },
});
