import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestProject } from '../../testing/create-test-project.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';
import { writeTemplate } from '../../testing/write-template.ts';

const emptyConfig = `import { defineConfig } from '@tenon/runtime';

export default defineConfig({
  integrations: {
  },
});
`;

async function createEmptyProject(config = emptyConfig): Promise<string> {
  const { root } = await createTestProject({ 'tenon.config.ts': config });
  await rm(join(root, 'providers'), { recursive: true });
  await writeTemplate(root);
  return root;
}

test('a template brings its scripts and its provider, and names itself in the config', async () => {
  const root = await createEmptyProject();
  const added = await runBuiltCli(['add', './template', '--json'], { cwd: root });
  expect(added.exitCode, added.stdout).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({
    integration: 'demo',
    written: [
      'providers/demo.yaml',
      'integrations/demo/models.ts',
      'integrations/demo/syncs/issues.ts',
      'integrations/demo/actions/create-issue.ts',
      'tenon.config.ts',
    ],
    configLine: null,
  });
  expect(await readFile(join(root, 'tenon.config.ts'), 'utf8')).toContain("demo: { provider: 'demo' }");
  const checked = await runBuiltCli(['check'], { cwd: root });
  expect(checked.exitCode, checked.stderr).toBe(0);
});

test('adding again keeps a changed models.ts, but refuses to replace a changed script', async () => {
  const root = await createEmptyProject();
  await runBuiltCli(['add', './template'], { cwd: root });
  await writeFile(join(root, 'integrations/demo/models.ts'), 'export const mine = 1;\n');
  const again = await runBuiltCli(['add', './template', '--json'], { cwd: root });
  expect(JSON.parse(again.stdout)).toMatchObject({ written: [], kept: ['integrations/demo/models.ts'] });

  await writeFile(join(root, 'integrations/demo/syncs/issues.ts'), 'export default 1;\n');
  const refused = await runBuiltCli(['add', './template'], { cwd: root });
  expect(refused).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('integrations/demo/syncs/issues.ts') });
  expect(await readFile(join(root, 'integrations/demo/syncs/issues.ts'), 'utf8')).toBe('export default 1;\n');
});

test('a config of another shape is not edited; the line to add is printed', async () => {
  const config = 'const config = { integrations: {} };\nexport default config;\n';
  const root = await createEmptyProject(config);
  const added = await runBuiltCli(['add', './template'], { cwd: root });
  expect(added.stdout).toContain("'demo': { provider: 'demo' },");
  expect(await readFile(join(root, 'tenon.config.ts'), 'utf8')).toBe(config);
});

test('an unknown provider, a malformed name and no project are usage errors with a hint', async () => {
  const root = await createEmptyProject();
  const unknown = await runBuiltCli(['add', 'nowhere'], { cwd: root });
  expect(unknown).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/provider_unknown/) });
  const malformed = await runBuiltCli(['add', 'a/b/c'], { cwd: root });
  expect(malformed).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/usage_invalid/) });
  const outside = await runBuiltCli(['add', 'github'], { cwd: '/' });
  expect(outside).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/project_not_found/) });
});
