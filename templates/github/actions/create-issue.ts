import { defineAction, z } from '@tenon/runtime';

/** https://docs.github.com/en/rest/issues/issues#create-an-issue */
export default defineAction({
  description: 'Opens an issue',
  input: z.object({
    repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
    title: z.string().min(1),
    body: z.string().optional().describe('Markdown.'),
    labels: z.array(z.string()).optional().describe('Needs push access to the repository, else GitHub drops them.'),
    assignees: z.array(z.string()).optional().describe('Logins; the same holds for them.'),
  }),
  output: z.object({ id: z.number(), number: z.number(), url: z.url() }),
  async run(action) {
    const { repo, ...issue } = action.input;
    const { data } = await action.post<{ id: number; number: number; html_url: string }>(
      `/repos/${repo}/issues`,
      issue,
    );
    return { id: data.id, number: data.number, url: data.html_url };
  },
});
