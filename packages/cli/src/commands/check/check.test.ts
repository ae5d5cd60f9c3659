import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionText, createTestProject, syncText } from '../../testing/create-test-project.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';
import { runCliHere } from '../../testing/run-cli-here.ts';

const sync = 'integrations/demo/syncs/issues.ts';

async function check(files: Record<string, string>, ...flags: string[]) {
  const { root } = await createTestProject(files);
  return runCliHere(['check', ...flags], { cwd: root });
}

test('a right project exits 0 and says how long each phase took', async () => {
  const checked = await check({ [sync]: syncText(), 'integrations/demo/actions/create-issue.ts': actionText });
  expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
  expect(checked.stdout).toMatch(/ok {2}types .*\nok {2}bundles .*\nok {2}definitions +1 sync, 1 action/);
});

test('a type error exits 10 with its place, code and line', async () => {
  const checked = await check({ [sync]: syncText().replace("'Issue', []", "'Isue', []") });
  expect(checked.exitCode).toBe(10);
  expect(checked.stdout).toContain(`${sync}:9:21`);
  expect(checked.stdout).toContain(">  9 |     await sync.save('Isue', []);");
  expect(checked.stderr).toContain('1 type error in 1 file.');
});

test('types and definitions that are both wrong are both shown', async () => {
  const checked = await check(
    {
      [sync]: syncText().replace("'Issue', []", "'Isue', []"),
      'integrations/demo/syncs/users.ts': 'export const users = 1;\n',
    },
    '--json',
  );
  expect(checked.exitCode).toBe(10);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    error: {
      code: 'types_failed',
      details: {
        diagnostics: [{ file: sync }],
        problems: [{ code: 'definition_missing_export', file: 'integrations/demo/syncs/users.ts' }],
      },
    },
  });
});

test.each([
  ['a missing export', 'definition_missing_export', 11, { [sync]: 'export const issues = 1;\n' }],
  [
    'a duplicate name',
    'definition_duplicate',
    11,
    { [sync]: syncText(), 'integrations/demo/actions/issues.ts': actionText },
  ],
  ['a duplicate model', 'definition_duplicate', 11, { [sync]: syncText(), 'integrations/demo/syncs/b.ts': syncText() }],
  ['a broken config', 'config_invalid', 11, { 'tenon.config.ts': 'export default {' }],
  [
    'a native module',
    'native_module',
    10,
    {
      [sync]: `import 'fast-native';\n${syncText()}`,
      'node_modules/fast-native/package.json': '{ "main": "index.js", "types": "index.d.ts" }',
      'node_modules/fast-native/index.d.ts': 'export {};',
      'node_modules/fast-native/index.js': "module.exports = require('./fast.node');",
      'node_modules/fast-native/fast.node': 'ELF',
    },
  ],
])('%s exits with the code %s', async (_, code, exitCode, files: Record<string, string>) => {
  const checked = await check(files, '--json');
  const { error } = JSON.parse(checked.stdout) as { error: Record<string, unknown> };
  expect(error).toMatchObject({ code, docs: `docs/errors.md#${code}` });
  expect(error['hint']).toEqual(expect.any(String));
  expect(error).not.toHaveProperty('stack');
  expect(checked).toMatchObject({ exitCode, stderr: '' });
});

test('what a script prints while it is read does not mix with the answer', async () => {
  const { root } = await createTestProject({ [sync]: `${syncText()}\nconsole.log('loading');\n` });
  const checked = await runBuiltCli(['check', '--json'], { cwd: root });
  expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true });
  expect(checked.stderr).toBe('loading\n');
});

const floating = syncText().replace('await sync.save', 'sync.save');

test('a lint error exits 11 with its place, its code and how to mend it', async () => {
  const checked = await check({ [sync]: floating });
  expect(checked.exitCode).toBe(11);
  expect(checked.stdout).toContain(`${sync}:9:5  missing-await error: `);
  expect(checked.stdout).toContain(">  9 |     sync.save('Issue', []);");
  expect(checked.stderr).toContain('The project has 1 lint error.');
});

test('--fix inserts the await', async () => {
  const { root } = await createTestProject({ [sync]: floating });
  expect(await runCliHere(['check', '--fix'], { cwd: root })).toMatchObject({ exitCode: 0 });
  expect(await readFile(join(root, sync), 'utf8')).toBe(syncText());
});

test('warnings fail no check but a strict one, and are in the JSON of both', async () => {
  const files = { [sync]: syncText('Issue', "cursor: { field: 'updatedAt' },") };
  const lax = await check(files, '--json');
  expect(lax.exitCode).toBe(0);
  expect(JSON.parse(lax.stdout)).toMatchObject({ findings: [{ rule: 'unordered-cursor', file: sync }] });
  const strict = await check(files, '--json', '--max-warnings', '0');
  expect(strict.exitCode).toBe(11);
  expect(JSON.parse(strict.stdout)).toMatchObject({
    error: { code: 'lint_failed', details: { findings: [{ rule: 'unordered-cursor', severity: 'warning' }] } },
  });
  expect(await check(files, '--max-warnings', '1')).toMatchObject({ exitCode: 0 });
});

test('a secret in the source is never printed, whatever else is wrong beside it', async () => {
  const secret = 'q8Zk2LmX0vRt7YwP';
  const text = `${floating}const apiKey = '${secret}';\nconst wrong: 'a' | 'b' = apiKey;\nvoid wrong;\n`;
  for (const flags of [[], ['--json']]) {
    const checked = await check({ [sync]: text }, ...flags);
    expect(checked.exitCode).toBe(10);
    expect(checked.stdout).toContain('secret-in-source');
    expect(checked.stdout).toContain('*'.repeat(secret.length));
    expect(checked.stdout + checked.stderr).not.toContain(secret);
  }
});

test('an unknown rule in the config is an error that names the rules', async () => {
  const config = `import { defineConfig } from '@tenon/runtime';
export default defineConfig({ integrations: { demo: {} }, check: { rules: { 'no-such-rule': 'off' } } } as never);
`;
  const checked = await check({ 'tenon.config.ts': config });
  expect(checked.exitCode).toBe(11);
  expect(checked.stderr).toContain('there is no rule "no-such-rule"; the rules are missing-await,');
});
