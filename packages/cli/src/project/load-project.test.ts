import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionText, createTestProject, demoProvider, syncText } from '../testing/create-test-project.ts';
import { loadProject } from './load-project.ts';

const sync = 'integrations/demo/syncs/issues.ts';

test('a project is found from a folder inside it, and its scripts are sorted', async () => {
  const { root } = await createTestProject({
    [sync]: syncText(),
    'integrations/demo/actions/create-issue.ts': actionText,
    'integrations/demo/syncs/issues.test.ts': '',
    'integrations/demo/syncs/notes.md': '',
    'integrations/demo/models.ts': '',
  });
  const project = await loadProject(join(root, 'integrations/demo'));
  expect(project.root).toBe(root);
  expect(project.integrations).toMatchObject([{ name: 'demo', provider: { baseUrl: 'https://api.example.com' } }]);
  expect(project.scripts).toEqual([
    {
      kind: 'action',
      integration: 'demo',
      name: 'create-issue',
      file: join(root, 'integrations/demo/actions/create-issue.ts'),
      source: 'integrations/demo/actions/create-issue.ts',
    },
    { kind: 'sync', integration: 'demo', name: 'issues', file: join(root, sync), source: sync },
  ]);
  expect(project.config.sdk.out).toBe('./src/tenon');
});

test('outside of a project the answer is project_not_found', async () => {
  const { root } = await createTestProject();
  await rm(join(root, 'tenon.config.ts'));
  await expect(loadProject(root)).rejects.toMatchObject({ code: 'project_not_found' });
});

test.each([
  ['does not compile', 'export default {\n  a: ;\n};\n', /^tenon\.config\.ts:2 {2}Unexpected ";"/],
  ['throws', "\nthrow new Error('no secret');\n", /^tenon\.config\.ts:2 {2}no secret/],
  ['has no default export', 'export const config = 1;\n', /^tenon\.config\.ts:1 {2}.*no default export/],
  [
    'has a wrong value',
    'export default {\n  integrations: {\n    demo: { provider: 7 },\n  },\n};\n',
    /^tenon\.config\.ts:3 {2}integrations\.demo\.provider: /,
  ],
  ['has an unknown key', 'export default {\n  integrations: {},\n  plugins: [],\n};\n', /^tenon\.config\.ts:3 {2}/],
])('a config that %s is config_invalid with its file and line', async (_, text, message) => {
  const { root } = await createTestProject({ 'tenon.config.ts': text });
  await expect(loadProject(root)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(message),
  });
});

test('a config can import other files and works before anything is installed', async () => {
  const { root } = await createTestProject({
    'tenon.config.ts':
      "import { defineConfig } from '@tenon/runtime';\nimport { out } from './settings.ts';\nexport default defineConfig({ integrations: {}, sdk: { out } });\n",
    'settings.ts': "export const out: string = './generated';\n",
  });
  await rm(join(root, 'node_modules'), { recursive: true });
  expect((await loadProject(root)).config.sdk.out).toBe('./generated');
});

test("the project's own provider comes before the shipped one", async () => {
  const { root } = await createTestProject();
  const templatesFolder = join(root, 'templates');
  await mkdir(join(templatesFolder, 'demo'), { recursive: true });
  await writeFile(join(templatesFolder, 'demo/provider.yaml'), demoProvider.replace('Demo', 'Shipped'));
  expect((await loadProject(root, { templatesFolder })).integrations[0]?.provider.displayName).toBe('Demo');
  await rm(join(root, 'providers/demo.yaml'));
  expect((await loadProject(root, { templatesFolder })).integrations[0]?.provider.displayName).toBe('Shipped');
});

test('an unknown provider is named with those that there are', async () => {
  const { root } = await createTestProject();
  await rm(join(root, 'providers/demo.yaml'));
  const templatesFolder = join(root, 'templates');
  await mkdir(join(templatesFolder, 'github'), { recursive: true });
  await writeFile(join(templatesFolder, 'github/provider.yaml'), '');
  await expect(loadProject(root, { templatesFolder })).rejects.toMatchObject({
    code: 'provider_unknown',
    message: expect.stringContaining('tenon.config.ts:3'),
    hint: 'Write providers/demo.yaml, or name one of: github.',
  });
});

test('a provider file that names itself differently, or is no provider, is refused', async () => {
  const project = await createTestProject({ 'providers/demo.yaml': demoProvider.replace('name: demo', 'name: other') });
  await expect(loadProject(project.root)).rejects.toMatchObject({ code: 'provider_invalid' });
  await project.write({ 'providers/demo.yaml': 'name: demo\n' });
  await expect(loadProject(project.root)).rejects.toMatchObject({ code: 'provider_invalid' });
});

test('every problem of the layout is shown at once', async () => {
  const { root } = await createTestProject({
    'integrations/demo/syncs/issues.ts': syncText(),
    'integrations/demo/actions/issues.ts': actionText,
    'integrations/demo/syncs/Bad_Name.ts': syncText('Bad'),
    'integrations/demo/syncs/old.js': '',
    'integrations/demo/action/lost.ts': actionText,
    'integrations/demo/events/connected.ts': '',
    'integrations/stray/syncs/a.ts': syncText(),
  });
  const error = await loadProject(root).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('6 problems') });
  expect(error).toMatchObject({
    details: {
      problems: [
        { code: 'config_invalid', file: 'integrations/stray' },
        { code: 'definition_invalid', file: 'integrations/demo/action' },
        { code: 'definition_invalid', file: 'integrations/demo/events' },
        { code: 'definition_invalid', file: 'integrations/demo/syncs/old.js' },
        { code: 'definition_invalid', file: 'integrations/demo/syncs/Bad_Name.ts' },
        { code: 'definition_duplicate', file: 'integrations/demo/syncs/issues.ts' },
      ],
    },
  });
});
