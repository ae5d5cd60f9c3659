import { defineAction, z } from '@tenon/runtime';

export default defineAction({
  description: 'Closes an issue',
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string(), state: z.enum(['open', 'closed']) }),
  async run(action) {
    const path = `/issues/${encodeURIComponent(action.input.id)}`;
    // Closing twice changes nothing, so a failed attempt may be repeated.
    const { data } = await action.patch<{ id: string; state: 'closed' }>(path, { state: 'closed' }, { retry: true });
    return { id: data.id, state: data.state };
  },
});
