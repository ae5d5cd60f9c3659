import { expect, test } from 'vitest';
import { actionText, createTestProject, syncText } from '../../testing/create-test-project.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';

const sync = 'integrations/demo/syncs/issues.ts';

async function check(files: Record<string, string>, ...flags: string[]) {
  const { root } = await createTestProject(files);
  return runBuiltCli(['check', ...flags], { cwd: root });
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
  const checked = await check({ [sync]: `${syncText()}\nconsole.log('loading');\n` }, '--json');
  expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true });
  expect(checked.stderr).toBe('loading\n');
});
