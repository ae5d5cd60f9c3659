import { beforeAll, expect, test } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { lintFiles } from './lint-files.ts';
import type { LintInput, LintInputFile } from './lint-input.ts';

const path = 'integrations/demo/syncs/issues.ts';

// The compiler is loaded once, outside of what a single test may take.
beforeAll(async () => void (await import('ts-morph')), 120_000);

interface LintedText {
  /** What stands in `run`. */
  readonly run?: string;
  /** Options beside `models`. */
  readonly options?: string;
  readonly before?: string;
  readonly files?: Record<string, string>;
  readonly rules?: LintInput['rules'];
  readonly file?: Partial<LintInputFile>;
}

function syncWith({ run = '', options = '', before = '' }: LintedText): string {
  return `import { defineSync, z } from '@tenon/runtime';
${before}
const Issue = z.object({ id: z.string(), updatedAt: z.string() });
export default defineSync({
  models: { Issue },
  ${options}
  async run(sync) {
${run}
  },
});
`;
}

async function lint(text: LintedText) {
  const { root } = await createTestProject({ [path]: syncWith(text), ...text.files });
  return lintFiles({ root, rules: text.rules ?? {}, files: [{ path, role: 'sync', ...text.file }] });
}

async function rulesOf(text: LintedText): Promise<string[]> {
  return (await lint(text)).findings.map(({ rule }) => rule);
}

test('promises of the context, of partitions and of what was destructured have to be awaited', async () => {
  const { findings, fixes } = await lint({
    run: `sync.save('Issue', []);
const { setCheckpoint: remember, log } = sync;
remember(undefined as never);
log.info('fine');
sync.partition('a', async (part) => { part.save('Issue', []); });
void sync.save('Issue', []);
const saved = sync.save('Issue', []);
await saved;
const lost = sync.save('Issue', []);
await Promise.all([1].map(async () => sync.save('Issue', [])));
[1].map(async () => {});
[1].forEach((_) => sync.save('Issue', []));
await [1].map(async () => {});
sync.connection.patchMetadata({});
if (saved) true && sync.read('Issue', ['1']);`,
  });
  expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['missing-await']));
  expect(findings.map(({ line }) => line - 7)).toEqual([1, 3, 5, 5, 9, 11, 12, 13, 14, 15]);
  expect(fixes).toHaveLength(6);
});

test('what only types tell is found by its type, also across files', async () => {
  const found = await lint({
    before:
      "import { setTimeout as pause } from 'node:timers/promises';\nimport { store, count, plain } from '../store.js';",
    run: `store(sync);
plain();
count();
const list = new Map<string, number>();
list.set('a', 1);
const own = () => sync.save('Issue', []);
own();
[Promise.resolve(1)].slice();
await pause(1);`,
    files: {
      'integrations/demo/store.ts': `export async function store(sync: unknown) { return sync; }
export function count() { return Promise.resolve(1); }
export function plain() { return 1; }`,
    },
  });
  expect(found.findings.map(({ line }) => line - 8)).toEqual([1, 3, 7, 8]);
  expect(found.files).toBe(2);
});

test.each([
  ["cursor: { field: 'updatedAt' },", {}, ['unordered-cursor']],
  ["cursor: { field: 'updatedAt', lag: '1m' },", {}, []],
  ["cursor: { field: 'updatedAt', order: 'descending' },", {}, []],
  ["cursor: { field: 'updatedAt', order: 'ascending' },", { paginationStyle: 'page' }, ['cursor-with-offset']],
  ["cursor: { field: 'updatedAt', order: 'ascending' },", { paginationStyle: 'link' }, []],
  ["deletes: 'absence',", { paginationStyle: 'offset' }, []],
])('of the cursor in `%s` with %j it says %j', async (options, file, expected) => {
  const run =
    "for await (const page of sync.paginate<{ id: string; updatedAt: string }>('/i')) await sync.save('Issue', page);";
  expect(await rulesOf({ options, run, file })).toEqual(expected);
});

test.each([
  ["try { await sync.get('/a'); } catch { return; }", 1],
  ["try { await sync.get('/a'); } catch (error) { if (String(error) === 'gone') return; throw error; }", 0],
  ["await sync.get('/a').catch(() => undefined);", 1],
  ["for (const text of ['{']) { try { JSON.parse(text); } catch { continue; } }", 1],
  ["for (const text of ['{']) { let value; try { value = JSON.parse(text); } catch { value = null; } void value; }", 0],
  ["await sync.partition('a', async (part) => { try { await part.get('/a'); } catch { part.log.warn('a'); } });", 1],
])('with absence, `%s` swallows %d errors, and none without', async (run, count) => {
  expect(await rulesOf({ run, options: "deletes: 'absence'," })).toEqual(Array(count).fill('swallowed-error'));
  expect(await rulesOf({ run })).toEqual([]);
});

test('volatile fields are found behind functions and names, unless they are declared', async () => {
  const text = {
    before: `const toIssue = (id: string) => { const now = new Date(); return { id, updatedAt: now.toISOString(), meta: { seen: Date.now() } }; };`,
    run: "await sync.save('Issue', ['1'].map(toIssue));",
  };
  const { findings } = await lint(text);
  expect(findings.map(({ rule, message }) => `${rule} ${message.split(' ')[0]}`)).toEqual([
    'volatile-field `updatedAt`',
    'volatile-field `meta.seen`',
  ]);
  const options = "modelOptions: { Issue: { volatile: ['updatedAt', 'meta'] } },";
  expect(await rulesOf({ ...text, options })).toEqual([]);
});

test('a time that a request is asked with is no field of a record', async () => {
  const run = "await sync.get('/a', { params: { until: new Date().toISOString() } });";
  expect(await rulesOf({ run })).toEqual([]);
});

test.each([
  ['while (true) { await sync.get("/a"); }', ['unbounded-loop']],
  ['for (;;) { for (const a of [1]) { if (a) break; } }', ['unbounded-loop']],
  ['const stop = false; while (true) { if (stop) break; await sync.get("/a"); }', ['unbounded-loop']],
  ['while (true) { const { data } = await sync.get<unknown[]>("/a"); if (data.length === 0) break; }', []],
  [
    'let next = "/a"; do { const { data } = await sync.get<{ next: string }>(next); next = data.next; } while (next);',
    ['hand-written-pagination'],
  ],
  ['for (const id of ["1"]) await sync.get(`/a/${id}`);', []],
])('of the loop `%s` it says %j', async (run, expected) => {
  expect(await rulesOf({ run })).toEqual(expected);
});

test('secrets are found by shape and by name, and are in no finding', async () => {
  const token = `ghp_${'a1B2c3D4e5'.repeat(4)}`;
  const random = 'q8Zk2LmX0vRt7YwP';
  const { findings, secrets } = await lint({
    before: `const header = 'Bearer ${token}';\nconst options = { clientSecret: '${random}', token: 'GITHUB_TOKEN', password: 'your-password-1', apiKey: 'api/key.name' };\nvoid [header, options];`,
  });
  expect(findings.map(({ rule, line }) => [rule, line])).toEqual([
    ['secret-in-source', 2],
    ['secret-in-source', 3],
  ]);
  expect(JSON.stringify(findings)).not.toContain(token);
  expect(JSON.stringify(findings)).not.toContain(random);
  expect(secrets).toHaveLength(2);
});

test('requests beside the connection are found, and names of the own are not', async () => {
  const { findings } = await lint({
    before:
      "import https from 'node:https';\nimport type { Agent } from 'undici';\nexport type A = Agent;\nvoid https;",
    run: "await fetch('https://a.example'); await globalThis.fetch('https://a.example'); { const fetch = () => 1; fetch(); }",
  });
  expect(findings.map(({ rule, line }) => [rule, line])).toEqual([
    ['direct-request', 2],
    ['direct-request', 11],
    ['direct-request', 11],
  ]);
});

test('a comment with a reason silences its rule, on the line and before it', async () => {
  const run = `// tenon-ignore missing-await: the run
// goes on without it
sync.save('Issue', []);
sync.save('Issue', []); // tenon-ignore missing-await: this one too
void '// tenon-ignore nothing: in a text';`;
  expect(await rulesOf({ run })).toEqual([]);
});

test('a comment without a reason, of an unknown rule, or with nothing to silence is reported', async () => {
  const run = `// tenon-ignore missing-await
sync.save('Issue', []);
// tenon-ignore no-such-rule: why
// tenon-ignore direct-request: nothing here
await sync.save('Issue', []);`;
  const { findings } = await lint({ run });
  expect(findings.map(({ rule, line }) => [rule, line - 7])).toEqual([
    ['ignore-comment', 1],
    ['missing-await', 2],
    ['ignore-comment', 3],
    ['ignore-comment', 4],
  ]);
});

test('rules are turned off and change their severity', async () => {
  const run = "sync.save('Issue', []); await fetch('https://a.example');";
  const { findings } = await lint({ run, rules: { 'missing-await': 'off', 'direct-request': 'error' } });
  expect(findings).toMatchObject([{ rule: 'direct-request', severity: 'error' }]);
});
