import { TenonError } from '@tenon/runtime/errors';
import { expect, test } from 'vitest';
import { loadProject } from '../project/load-project.ts';
import type { ProjectProblem } from '../project/project-problem.ts';
import { actionText, createTestProject, syncText } from '../testing/create-test-project.ts';
import { compileProject } from './compile-project.ts';
import { createEvaluator } from './evaluate-bundle.ts';

const sync = 'integrations/demo/syncs/issues.ts';

async function findProblems(files: Record<string, string>): Promise<ProjectProblem[]> {
  const { root } = await createTestProject(files);
  const project = await loadProject(root);
  try {
    await compileProject(project);
    return [];
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return error.details?.['problems'] as ProjectProblem[];
  }
}

test('a script without a default export is told so', async () => {
  const problems = await findProblems({ [sync]: syncText().replace('export default', 'export const issues =') });
  expect(problems).toMatchObject([{ code: 'definition_missing_export', file: sync, line: 1 }]);
});

test('an action in syncs/ is told where it belongs', async () => {
  const [problem] = await findProblems({ [sync]: actionText });
  expect(problem).toMatchObject({
    code: 'definition_invalid',
    file: sync,
    line: 3,
    hint: 'Move it to integrations/demo/actions/, or use defineSync.',
  });
});

test.each([
  ['a function', 'export default () => {};'],
  ['null', 'export default null;'],
  ['an object with a', 'export default { a: 1 };'],
])('a default export that is %s is no definition', async (what, text) => {
  const [problem] = await findProblems({ [sync]: text });
  expect(problem).toMatchObject({ code: 'definition_invalid', file: sync, line: 1 });
  expect(problem?.message).toContain(what);
});

test.each([
  ["schedule: 'every 5 minutes',", 'is not a duration', 7],
  ["schedule: 'hourly',", 'is not a schedule', 7],
  ["schedule: { cron: '0 6 * * *', timezone: 'Europe/Atlantis' },", 'is not a time zone', 7],
  ["cursor: { field: 'changedAt' },", 'has no "changedAt"', 7],
  ["schedule: { every: '1h', cron: '* * * * *' },", 'neither an interval nor a cron', 7],
  ["schedule: { every: '1h', phaze: '5m' },", 'has no "phaze"', 7],
  ["schedule: { every: '1h', jitter: 'some' },", 'is not a duration', 7],
  ["schedule: { every: '500ms' },", '', 7],
  ["cursor: { field: 'updatedAt', order: 'sideways' },", 'ascending, descending or unordered', 7],
  ["overlap: 'always',", "'queue-one'", 7],
  ['airbag: { share: 20 },', 'from 0 to 1', 7],
  ['airbag: { atLeast: -1 },', 'from 0 on', 7],
  ['airbag: true,', 'not an object', 7],
  ['retry: { attempts: 21 },', 'from 1 to 20', 7],
  ["retry: { backoff: '1h', maxBackoff: '1m' },", 'shorter than backoff', 7],
  ["retry: { backoff: '0s' },", 'longer than nothing', 7],
  ["concurrency: { key: '', limit: 1 },", 'needs a key', 7],
  ["concurrency: { key: 'k', limit: 0 },", 'from 1 on', 7],
  ['quarantine: { share: 2 },', 'from 0 to 1', 7],
  ["deletes: { flag: '' },", "{ flag: 'field' }", 7],
  ['checkpoint: { page: 1 },', 'is not a zod schema', 7],
  ['onWebhook: true,', 'is not a function', 7],
  ['modelOptions: { Ishue: {} },', 'no model of the sync', 7],
  ["modelOptions: { Issue: { contract: 'open' } },", "'evolve'", 7],
  ["modelOptions: { Issue: { volatile: ['views'] } },", 'has no "views"', 7],
  ["modelOptions: { Issue: { volatile: ['id'] } },", 'cannot be volatile', 7],
  ["modelOptions: { Issue: { version: 'revision' } },", 'has no "revision"', 7],
  ["modelOptions: { Issue: { versoin: 'updatedAt' } },", 'has no "versoin"', 7],
  ["cursor: { field: 'updatedAt' }, deletes: 'absence',", 'cannot be combined with a cursor', 7],
  ["timeout: '0s',", 'ends every run at once', 7],
  ['settings: { repos: [] },', 'is not a zod schema', 7],
])('the option %s is reported where it stands', async (option, message, line) => {
  const [problem, ...others] = await findProblems({ [sync]: syncText('Issue', option) });
  expect(problem).toMatchObject({ code: 'definition_invalid', file: sync, line });
  expect(problem?.message).toContain(message);
  expect(others).toEqual([]);
});

test.each([
  ['z.object({ updatedAt: z.string() })', 'has no id'],
  ['z.object({ id: z.string().optional() })', 'has an optional id'],
  ['z.object({ id: z.boolean() })', 'neither a text nor a number'],
  ['z.array(z.string())', 'is not an object schema'],
  ['z.object({ id: z.string(), big: z.bigint() })', 'is a bigint'],
])('the model %s is refused', async (schema, message) => {
  const text = syncText().replace('z.object({ id: z.string(), updatedAt: z.string() })', schema);
  const [problem] = await findProblems({ [sync]: text });
  expect(problem?.message).toContain(message);
});

test.each(['z.union([z.string(), z.int()])', "z.enum(['a', 'b'])", 'z.literal(7)', 'z.uuid()'])(
  'an id of %s is a text or a number',
  async (id) => {
    expect(await findProblems({ [sync]: syncText().replace('id: z.string()', `id: ${id}`) })).toEqual([]);
  },
);

test('a date in a model is described as the text that JSON makes of it', async () => {
  const { root } = await createTestProject({
    [sync]: syncText().replace('updatedAt: z.string()', 'updatedAt: z.date()'),
  });
  const { manifest } = await compileProject(await loadProject(root));
  expect(manifest.functions[0]).toMatchObject({
    models: [{ schema: { properties: { updatedAt: { type: 'string', format: 'date-time' } } } }],
  });
});

test('a schema of zod 3 is told which zod to use', async () => {
  const text = syncText().replace(/const Issue = .*/, "const Issue = { _def: { typeName: 'ZodObject' } } as never;");
  const [problem] = await findProblems({ [sync]: text });
  expect(problem).toMatchObject({ hint: expect.stringContaining("Import z from '@tenon/runtime'") });
});

test('a model with two owners in one integration is refused, in two integrations it is not', async () => {
  const twice = { [sync]: syncText(), 'integrations/demo/syncs/others.ts': syncText() };
  expect(await findProblems(twice)).toMatchObject([
    { code: 'definition_duplicate', file: 'integrations/demo/syncs/others.ts', line: 6 },
  ]);
  const config = `import { defineConfig } from '@tenon/runtime';
export default defineConfig({ integrations: { demo: {}, second: { provider: 'demo' } } });\n`;
  const apart = { 'tenon.config.ts': config, [sync]: syncText(), 'integrations/second/syncs/issues.ts': syncText() };
  expect(await findProblems(apart)).toEqual([]);
});

test('the problems of all scripts are shown at once', async () => {
  const problems = await findProblems({
    [sync]: syncText('Issue', "schedule: 'now',"),
    'integrations/demo/syncs/users.ts': 'export {};',
    'integrations/demo/actions/act.ts': syncText('Other'),
  });
  expect(problems.map((problem) => problem.code)).toEqual([
    'definition_invalid',
    'definition_invalid',
    'definition_missing_export',
  ]);
});

test('what a script throws while it is read is mapped to the file and line that threw', async () => {
  const problems = await findProblems({
    [sync]: `import { limit } from '../lib/limit.ts';\n${syncText('Issue', 'timeout: limit(),')}`,
    'integrations/demo/lib/limit.ts': "\n\nexport function limit(): '1h' {\n  throw new Error('no limit known');\n}\n",
  });
  expect(problems).toMatchObject([
    { code: 'definition_invalid', message: 'no limit known', file: 'integrations/demo/lib/limit.ts', line: 4 },
  ]);
});

test('a script that ends the process while it is read does not end the command', async () => {
  const problems = await findProblems({ [sync]: `${syncText()}\nprocess.exit(0);\n` });
  expect(problems).toMatchObject([{ code: 'definition_invalid', message: 'process.exit() was called', line: 13 }]);
});

test('a script that never stops declaring is stopped', async () => {
  const evaluate = await createEvaluator({ timeoutMs: 50 });
  expect(() => evaluate('for (;;);', sync)).toThrow(/its top-level code did not end in time/);
});

test('a package that is required by a computed name is told why it is not there', async () => {
  const [problem] = await findProblems({ [sync]: `${syncText()}\nrequire(['left', 'pad'].join('-'));\n` });
  expect(problem?.message).toContain('Cannot find "left-pad"');
});

test('every option of a sync is in its manifest', async () => {
  const options = `
  schedule: { every: '1h', phase: '5m', jitter: '1m', catchUp: '0s' },
  overlap: 'queue-one',
  airbag: { share: 0.5 },
  retry: { attempts: 5, backoff: '1s' },
  concurrency: { key: 'reports', limit: 2 },
  quarantine: { share: 0.5 },
  modelOptions: { Issue: { contract: 'evolve', volatile: ['views'], version: 'updatedAt' } },
  deletes: { flag: 'archived' },
  checkpoint: z.object({ token: z.string() }),
  onWebhook: async () => {},`;
  const { root } = await createTestProject({ [sync]: syncText('Issue', options) });
  const { manifest } = await compileProject(await loadProject(root));
  expect(manifest.functions[0]).toMatchObject({
    schedule: { type: 'interval', everyMs: 3_600_000, phaseMs: 300_000, jitterMs: 60_000, catchUpMs: 0 },
    overlap: 'queue-one',
    airbag: { share: 0.5, atLeast: 10 },
    retry: { attempts: 5, backoffMs: 1_000, maxBackoffMs: 600_000 },
    concurrency: { key: 'reports', limit: 2 },
    deletes: 'flag',
    deletedFlag: 'archived',
    hasWebhook: true,
    models: [{ schema: { additionalProperties: true } }],
  });
});

test('a sync may say that its deletions are never held', async () => {
  const { root } = await createTestProject({ [sync]: syncText('Issue', 'airbag: false,') });
  const { manifest } = await compileProject(await loadProject(root));
  expect(manifest.functions[0]).toMatchObject({ airbag: null, hasWebhook: false });
});

test('the errors of an action are described by their codes, and codes are snake case', async () => {
  const action = 'integrations/demo/actions/act.ts';
  const withErrors = (code: string) =>
    actionText.replace('input:', `errors: { ${code}: z.object({ plan: z.string() }) },\n  input:`);
  const { root } = await createTestProject({ [action]: withErrors('not_allowed') });
  const { manifest } = await compileProject(await loadProject(root));
  expect(manifest.functions[0]).toMatchObject({
    errors: { not_allowed: { properties: { plan: { type: 'string' } } } },
  });
  const [problem, ...others] = await findProblems({ [action]: withErrors('notAllowed') });
  expect(problem?.message).toContain('"notAllowed" is no code');
  expect(others).toEqual([]);
});
