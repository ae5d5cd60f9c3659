/** What the world of these tests runs: a sync for each promise, and an action. */

const head = `import { defineSync, z } from '@tenon/runtime';
type Row = { id: string; number: number; title: string; comments: number; updatedAt: string };
`;

/** Deletes what it does not see. @param count how a comment count is read */
export const everything = (count: string): string => `${head}
export default defineSync({
  models: { Issue: z.object({ id: z.string(), title: z.string(), comments: ${count} }) },
  deletes: 'absence',
  quarantine: { share: 0.5 },
  async run(sync) {
    for await (const page of sync.paginate<Row>('/issues', { resume: true })) await sync.save('Issue', page);
  },
});
`;

/** With a cursor, so that it can be filled back. @param title how a title is written */
export const dated = (title: string): string => `${head}
export default defineSync({
  models: { Dated: z.object({ id: z.string(), title: z.string(), updatedAt: z.string() }) },
  cursor: { field: 'updatedAt', initial: '2000-01-01T00:00:00Z' },
  async run(sync) {
    for await (const page of sync.paginate<Row>('/issues', { params: { since: sync.cursor } })) {
      await sync.save('Dated', page.map((row) => ({ id: row.id, title: ${title}, updatedAt: row.updatedAt })));
    }
  },
});
`;

export const told = `${head}
const Told = z.object({ id: z.string(), title: z.string() });
export default defineSync({
  models: { Told },
  deletes: 'feed',
  async run() {},
  async onWebhook(sync, event) {
    const { type, item } = z.object({ type: z.enum(['changed', 'removed']), item: Told }).parse(event.body);
    if (type === 'removed') await sync.delete('Told', [item.id]);
    else await sync.save('Told', [item]);
  },
});
`;

export const close = `import { defineAction, z } from '@tenon/runtime';
export default defineAction({
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string() }),
  errors: { not_closable: z.object({ id: z.string() }) },
  async run(action) {
    if (action.input.id === 'never') throw action.error('not_closable', { id: 'never' }, 'It is never closed.');
    return { id: action.input.id };
  },
});
`;

/** An app that uses the generated SDK; prints what it got, a line of JSON. */
export const app = `import { ActionError, createTenon } from './tenon/index.js';
declare const process: { env: Record<string, string> };
const tenon = createTenon({ url: process.env['TENON_URL']!, apiKey: process.env['TENON_API_KEY']! });
const sandbox = tenon.sandbox.connection('acme');
const closed = await sandbox.actions.close({ id: 'iss_1' });
const refused = await sandbox.actions.close({ id: 'never' }).catch((error: unknown) =>
  sandbox.actions.isCloseError(error) && error instanceof ActionError ? [error.error, error.payload.id] : String(error));
const titles: string[] = [];
for await (const one of sandbox.told.list({ where: { title: 'second' } })) titles.push(one.title);
const changes: unknown[] = [];
for await (const change of sandbox.told.changes({ paths: true })) changes.push([change.change, change.id]);
console.log(JSON.stringify({ closed, refused, titles, changes }));
`;
