import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadProject } from '../../project/load-project.ts';
import { createTestProject, demoProvider } from '../../testing/create-test-project.ts';
import { runCliHere } from '../../testing/run-cli-here.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { writeTemplate } from '../../testing/write-template.ts';
import { runProviders } from '../providers/run-providers.ts';

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
  const added = await runCliHere(['add', './template', '--json'], { cwd: root });
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
  const checked = await runCliHere(['check'], { cwd: root });
  expect(checked.exitCode, checked.stderr).toBe(0);
});

test('adding again keeps a changed models.ts, but refuses to replace a changed script', async () => {
  const root = await createEmptyProject();
  await runCliHere(['add', './template'], { cwd: root });
  await writeFile(join(root, 'integrations/demo/models.ts'), 'export const mine = 1;\n');
  const again = await runCliHere(['add', './template', '--json'], { cwd: root });
  expect(JSON.parse(again.stdout)).toMatchObject({ written: [], kept: ['integrations/demo/models.ts'] });

  await writeFile(join(root, 'integrations/demo/syncs/issues.ts'), 'export default 1;\n');
  const refused = await runCliHere(['add', './template'], { cwd: root });
  expect(refused).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('integrations/demo/syncs/issues.ts') });
  expect(await readFile(join(root, 'integrations/demo/syncs/issues.ts'), 'utf8')).toBe('export default 1;\n');
});

test('a config of another shape is not edited; the line to add is printed', async () => {
  const config = 'const config = { integrations: {} };\nexport default config;\n';
  const root = await createEmptyProject(config);
  const added = await runCliHere(['add', './template'], { cwd: root });
  expect(added.stdout).toContain("'demo': { provider: 'demo' },");
  expect(await readFile(join(root, 'tenon.config.ts'), 'utf8')).toBe(config);
});

test('an unknown provider, a malformed name and no project are usage errors with a hint', async () => {
  const root = await createEmptyProject();
  const unknown = await runCliHere(['add', 'nowhere'], { cwd: root });
  expect(unknown).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/provider_unknown/) });
  const malformed = await runCliHere(['add', 'a/b/c'], { cwd: root });
  expect(malformed).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/usage_invalid/) });
  const outside = await runCliHere(['add', 'github'], { cwd: '/' });
  expect(outside).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/project_not_found/) });
});

test('a provider without scripts becomes an integration, and what it needs is said', async () => {
  const root = await createEmptyProject();
  const folder = join(root, 'plain');
  await mkdir(folder);
  const provider = demoProvider.replace(
    'auth: { mode: none }',
    `setup: { url: 'https://example.com/apps' }
auth: { mode: oauth2, authorizationUrl: 'https://example.com/authorize', tokenUrl: 'https://example.com/token' }`,
  );
  await writeFile(join(folder, 'provider.yaml'), provider);
  const added = await runCliHere(['add', './plain'], { cwd: root });
  expect(added.exitCode, added.stderr).toBe(0);
  for (const text of ['https://example.com/apps', 'tenon env set DEMO_CLIENT_ID', 'tenon env set DEMO_CLIENT_SECRET']) {
    expect(added.stdout).toContain(text);
  }
  expect(await readFile(join(root, 'tenon.config.ts'), 'utf8')).toContain("demo: { provider: 'demo' }");
  const checked = await runCliHere(['check'], { cwd: root });
  expect(checked.exitCode, checked.stderr).toBe(0);
});

test('a shipped provider is copied with --eject, for editors that know its format', async () => {
  const root = await createEmptyProject();
  const ejected = await runCliHere(['add', 'sandbox-client', '--eject', '--json'], { cwd: root });
  expect(JSON.parse(ejected.stdout)).toMatchObject({ written: ['providers/sandbox-client.yaml', 'tenon.config.ts'] });
  const text = await readFile(join(root, 'providers/sandbox-client.yaml'), 'utf8');
  const [first = ''] = text.split('\n');
  expect(first).toMatch(/^# yaml-language-server: \$schema=/);
  expect(existsSync(join(root, 'providers', first.slice(first.indexOf('=') + 1)))).toBe(true);
  await writeFile(join(root, 'providers/sandbox-client.yaml'), `${text}# mine\n`);
  const again = await runCliHere(['add', 'sandbox-client', '--eject'], { cwd: root });
  expect(again).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('providers/sandbox-client.yaml') });
});

test('providers are listed by category, and found by name, category and auth mode', async () => {
  const templatesFolder = fileURLToPath(new URL('../../../../../templates', import.meta.url));
  const all = createTestContext();
  await runProviders(all, { words: undefined, templatesFolder });
  expect(all.stdout()).toMatch(/testing +sandbox-oauth +Sandbox \(OAuth\) +oauth2 /);
  const found = createTestContext({ isJson: true });
  await runProviders(found, { words: 'Testing API_key', templatesFolder });
  expect(JSON.parse(found.stdout())).toMatchObject({ items: [{ name: 'sandbox', functions: expect.any(Array) }] });
  const nothing = createTestContext();
  await runProviders(nothing, { words: 'no-such-thing', templatesFolder });
  expect(nothing.stdout()).toContain('No provider matches "no-such-thing".');
  const listed = await runCliHere(['add', '--list', 'testing'], { cwd: '/' });
  expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('sandbox-client') as string });
  expect(await runCliHere(['add'], { cwd: await createEmptyProject() })).toMatchObject({ exitCode: 11 });
});

test('hooks of a shipped provider are copied with it, and belong to the project from then on', async () => {
  const root = await createEmptyProject();
  const ejected = await runCliHere(['add', 'instagram', '--eject', '--json'], { cwd: root });
  expect(JSON.parse(ejected.stdout)).toMatchObject({
    written: ['providers/instagram.yaml', 'providers/instagram.hooks.ts', 'tenon.config.ts'],
  });
  const { hooks } = await loadProject(root, { templatesFolder: 'unused' });
  expect(hooks).toMatchObject([{ provider: 'instagram', source: 'providers/instagram.hooks.ts' }]);
  const check = await runCliHere(['check', '--json'], { cwd: root });
  expect(check).toMatchObject({ exitCode: 0 });
});

test('several are added at once, all or none', async () => {
  const root = await createEmptyProject();
  const refused = await runCliHere(['add', 'sandbox/issues', 'nowhere'], { cwd: root });
  expect(refused).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('provider_unknown') });
  expect(existsSync(join(root, 'integrations'))).toBe(false);
  const added = await runCliHere(['add', 'sandbox/issues', 'sandbox/create-issue', './template', '--json'], {
    cwd: root,
  });
  expect(added.exitCode, added.stdout).toBe(0);
  expect((JSON.parse(added.stdout) as { integrations: unknown }).integrations).toMatchObject([
    { integration: 'sandbox' },
    { integration: 'demo' },
  ]);
  const config = await readFile(join(root, 'tenon.config.ts'), 'utf8');
  expect(config).toContain("sandbox: { provider: 'sandbox' }");
  expect(config).toContain("demo: { provider: 'demo' }");
  const checked = await runCliHere(['check'], { cwd: root });
  expect(checked.exitCode, checked.stderr).toBe(0);
});

test('a function that is added later brings the models that it needs into a changed models.ts', async () => {
  const root = await createEmptyProject();
  await runCliHere(['add', 'sandbox/issues'], { cwd: root });
  const models = join(root, 'integrations/sandbox/models.ts');
  const own = (await readFile(models, 'utf8'))
    .replace(/\nexport const Contact[\s\S]*/, '')
    .replace('number: z', 'no: z');
  await writeFile(models, own);
  const added = await runCliHere(['add', 'sandbox/contacts', '--json'], { cwd: root });
  expect(JSON.parse(added.stdout)).toMatchObject({
    written: [
      'integrations/sandbox/models.ts',
      'integrations/sandbox/syncs/contacts.ts',
      'tests/sandbox/contacts/example.recording.json',
    ],
  });
  const text = await readFile(models, 'utf8');
  expect(text.startsWith(own.trimEnd())).toBe(true);
  expect(text).toContain('export const Contact');
});

test("the recordings of a provider come with its scripts, hold offline, and are the user's from then on", async () => {
  const root = await createEmptyProject();
  await runCliHere(['add', 'sandbox/issues'], { cwd: root });
  const file = 'tests/sandbox/issues/example.recording.json';
  const tested = await runCliHere(['test', '--json'], { cwd: root });
  expect(tested.exitCode, tested.stdout).toBe(0);
  expect(JSON.parse(tested.stdout)).toMatchObject({ passed: 1, tests: [{ file, status: 'passed' }] });

  await writeFile(join(root, file), '{}\n');
  const again = await runCliHere(['add', 'sandbox/issues', '--json'], { cwd: root });
  expect(JSON.parse(again.stdout)).toMatchObject({ written: [], kept: [file] });
  expect(await readFile(join(root, file), 'utf8')).toBe('{}\n');
});
