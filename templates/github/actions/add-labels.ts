import { defineAction, z } from '@tenon/runtime';

/** https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue */
export default defineAction({
  description: 'Adds labels to an issue; labels that do not exist yet are made',
  input: z.object({
    repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
    number: z.number().int().positive(),
    labels: z.array(z.string().min(1)).min(1).max(100),
  }),
  output: z.object({ labels: z.array(z.string()).describe('All labels that the issue has now.') }),
  async run(action) {
    const { repo, number, labels } = action.input;
    // Adding a label that is there changes nothing, so a failed attempt may be repeated.
    const path = `/repos/${repo}/issues/${number}/labels`;
    const { data } = await action.post<{ name: string }[]>(path, { labels }, { retry: true });
    return { labels: data.map((label) => label.name) };
  },
});
