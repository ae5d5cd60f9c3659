import { defineAction, z } from '@tenon/runtime';

export default defineAction({
  description: 'Opens an issue',
  input: z.object({
    title: z.string().min(1).max(200),
    body: z.string().optional(),
    labels: z.array(z.string()).optional(),
    assignee: z.string().optional().describe('Login of a user.'),
  }),
  output: z.object({ id: z.string(), number: z.number() }),
  async run(action) {
    const { data } = await action.post<{ id: string; number: number }>('/issues', action.input);
    return { id: data.id, number: data.number };
  },
});
