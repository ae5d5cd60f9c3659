const head = `import { defineSync, z } from '@tenon/runtime';
const Issue = z.object({ id: z.string(), title: z.string(), state: z.string(), comments: z.number() });
type Row = { id: string; title: string; state: string; comments: number; updatedAt: string };
`;

/** Reads everything; what it does not see is deleted. */
export const everything = `${head}
export default defineSync({
  models: { Issue },
  deletes: 'absence',
  airbag: false,
  retry: { attempts: 2, backoff: '1s' },
  async run(sync) {
    for await (const page of sync.paginate<Row>('/issues', { params: { per_page: 40 } })) {
      await sync.save('Issue', page.map(({ id, title, state, comments }) => ({ id, title, state, comments })));
    }
  },
});
`;

/** Reads what changed, oldest first, in its own model. */
export const changed = `import { defineSync, z } from '@tenon/runtime';
const ChangedIssue = z.object({ id: z.string(), comments: z.number(), updatedAt: z.string() });
type Row = { id: string; comments: number; updatedAt: string };
export default defineSync({
  models: { ChangedIssue },
  cursor: { field: 'updatedAt', order: 'unordered', lag: '1h' },
  retry: { attempts: 2, backoff: '1s' },
  async run(sync) {
    const params = { per_page: 40, sort: 'updated', direction: 'asc', since: sync.cursor };
    for await (const page of sync.paginate<Row>('/issues', { params })) {
      await sync.save('ChangedIssue', page.map(({ id, comments, updatedAt }) => ({ id, comments, updatedAt })));
    }
  },
});
`;
