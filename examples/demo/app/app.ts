// A customer's app: all it knows of Tenon is the SDK that `tenon generate` wrote into ./tenon.
import { createTenon } from './tenon/index.js';

const { TENON_URL = '', TENON_API_KEY = '', SANDBOX_URL = '', EXPECTED_ISSUES = '0' } = process.env;

const tenon = createTenon({ url: TENON_URL, apiKey: TENON_API_KEY });
const sandbox = tenon.sandbox.connection('acme');
const deadline = Date.now() + 60_000;

async function waitFor<Result>(what: string, ask: () => Promise<Result | undefined>): Promise<Result> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function countIssues(): Promise<number> {
  let count = 0;
  for await (const _ of sandbox.issue.list()) count += 1;
  return count;
}

// 1. The schedule runs the sync; the records arrive.
const records = await waitFor('the first sync', async () => {
  const count = await countIssues();
  return count >= Number(EXPECTED_ISSUES) ? count : undefined;
});
console.log(`${records} issues, read with sandbox.issue.list()`);

// 2. Follow the change feed from here, while the source changes. The cursor is all that an app has to keep.
let cursor: string | undefined;
for await (const page of sandbox.issue.changes().pages()) cursor = page.cursor;
await fetch(`${SANDBOX_URL}/_control/advance`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ updates: 3, deletes: 1, adds: 0 }),
});
const counts = { updated: 0, deleted: 0 };
await waitFor('the next sync', async () => {
  for await (const page of sandbox.issue.changes({ cursor }).pages()) {
    cursor = page.cursor;
    for (const { change, id, data } of page.changes) {
      if (change === 'added') continue;
      counts[change] += 1;
      console.log(`${change}: issue ${id} "${data.title}"`);
    }
  }
  return counts.updated >= 3 && counts.deleted >= 1 ? true : undefined;
});

// 3. Call an action, typed from its zod schemas.
const created = await sandbox.actions.createIssue({ title: 'Written through Tenon' });
console.log(`created issue ${created.id} with sandbox.actions.createIssue()`);

console.log(JSON.stringify({ records, ...counts, actions: 1 }));
