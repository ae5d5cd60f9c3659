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

/**
 * Reads what changed in its own model, by key: each page asks for what is at least as new as the newest one of the page
 * before. By page numbers, a record that changes or goes while the list is read would hide another one from a cursor.
 * The storm turns pages round, so the order within them is not relied on. No forty issues bear one time.
 */
export const changed = `import { defineSync, z } from '@tenon/runtime';
const ChangedIssue = z.object({ id: z.string(), comments: z.number(), updatedAt: z.string() });
type Row = { id: string; comments: number; updatedAt: string };
const newest = (rows: readonly Row[]) => rows.reduce((latest, row) => (row.updatedAt > latest ? row.updatedAt : latest), '');
export default defineSync({
  models: { ChangedIssue },
  cursor: { field: 'updatedAt', order: 'unordered' },
  retry: { attempts: 2, backoff: '1s' },
  async run(sync) {
    const pages = sync.paginate<Row>('/issues', {
      params: { per_page: 40, sort: 'updated', direction: 'asc', since: sync.cursor },
      pagination: {
        items: (response) => response.data as Row[],
        next: ({ items }) => (items.length < 40 ? undefined : { params: { since: newest(items as Row[]) } }),
      },
    });
    for await (const page of pages) {
      await sync.save('ChangedIssue', page.map(({ id, comments, updatedAt }) => ({ id, comments, updatedAt })));
    }
  },
});
`;
