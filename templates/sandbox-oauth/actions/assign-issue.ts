import { defineAction, z } from '@tenon/runtime';

export default defineAction({
  description: 'Gives an issue to somebody, or to nobody',
  input: z.object({ id: z.string(), assignee: z.string().nullable().describe('Login of a user; null: nobody.') }),
  output: z.object({ id: z.string(), assignee: z.string().nullable() }),
  async run(action) {
    const { id, assignee } = action.input;
    const { data } = await action.patch<{ id: string; assignee: string | null }>(
      `/issues/${encodeURIComponent(id)}`,
      { assignee },
      // Assigning twice changes nothing, so a failed attempt may be repeated.
      { retry: true },
    );
    return { id: data.id, assignee: data.assignee };
  },
});
