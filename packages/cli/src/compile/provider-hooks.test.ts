import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { expect, onTestFinished, test } from 'vitest';
import { loadProject } from '../project/load-project.ts';
import type { ProjectProblem } from '../project/project-problem.ts';
import { createTestProject, demoProvider, syncText } from '../testing/create-test-project.ts';
import { checkTypes } from './check-types.ts';
import { compileProject } from './compile-project.ts';

const own = 'providers/demo.hooks.ts';

const hooksText = (body = "verify() {}, obtainToken: () => ({ accessToken: 'a' }),") =>
  `import { defineProviderHooks } from '@tenon/runtime';

export default defineProviderHooks({
  ${body}
});
`;

/** A folder as the shipped templates are in, with one provider. */
async function createTemplates(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-templates-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'shipped'));
  const yaml = demoProvider.replace('name: demo', 'name: shipped');
  for (const [name, text] of Object.entries({ 'provider.yaml': yaml, ...files })) {
    await writeFile(join(folder, 'shipped', name), text);
  }
  return folder;
}

const shippedConfig = `import { defineConfig } from '@tenon/runtime';
export default defineConfig({ integrations: { shipped: {} } });
`;

async function findProblems(files: Record<string, string>): Promise<ProjectProblem[]> {
  const { root } = await createTestProject(files);
  try {
    await compileProject(await loadProject(root));
    return [];
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return error.details?.['problems'] as ProjectProblem[];
  }
}

test('hooks beside a provider become a bundle and are listed in the manifest', async () => {
  const { root } = await createTestProject({
    [own]: `${hooksText()}import { twice } from './twice.ts';\nexport const four = twice(2);\n`,
    'providers/twice.ts': 'export const twice = (one: number) => 2 * one;\n',
    'integrations/demo/syncs/issues.ts': syncText(),
  });
  const { manifest, bundles, sources } = await compileProject(await loadProject(root));
  expect(manifest.providerHooks).toEqual([
    {
      provider: 'demo',
      source: own,
      bundle: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      hooks: ['obtainToken', 'verify'],
    },
  ]);
  expect(bundles.get(manifest.providerHooks[0]?.bundle ?? '')).toContain('twice');
  expect([...bundles.keys()].sort()).toEqual(
    [...manifest.providerHooks, ...manifest.functions].map(({ bundle }) => bundle).sort(),
  );
  expect([...sources].sort()).toEqual(['integrations/demo/syncs/issues.ts', own, 'providers/twice.ts']);
});

test('a project without hooks lists none', async () => {
  const { root } = await createTestProject();
  expect((await compileProject(await loadProject(root))).manifest.providerHooks).toEqual([]);
});

test('hooks of a shipped template come with it, the same in every project, until the project has its own', async () => {
  const templatesFolder = await createTemplates({ 'hooks.ts': hooksText() });
  const compile = async (files: Record<string, string> = {}) => {
    const { root } = await createTestProject({ 'tenon.config.ts': shippedConfig, ...files });
    return (await compileProject(await loadProject(root, { templatesFolder }))).manifest.providerHooks;
  };
  const [first, second] = [await compile(), await compile()];
  expect(first).toMatchObject([{ provider: 'shipped', source: 'templates/shipped/hooks.ts' }]);
  expect(second).toEqual(first);
  const replaced = await compile({ 'providers/shipped.hooks.ts': hooksText('verify() {}') });
  expect(replaced).toMatchObject([{ source: 'providers/shipped.hooks.ts', hooks: ['verify'] }]);
  const yaml = demoProvider.replace('name: demo', 'name: shipped');
  expect(await compile({ 'providers/shipped.yaml': yaml })).toEqual([]);
});

test.each([
  ['no default export', 'export const hooks = 1;', 'definition_missing_export', 'has no default export'],
  [
    'another default export',
    'export default { verify() {} };',
    'definition_invalid',
    'not made by defineProviderHooks',
  ],
  ['an unknown hook', hooksText('refresh() {}, verify() {}'), 'definition_invalid', 'refresh is not a hook'],
  ['a hook that is no function', hooksText('verify: 1'), 'definition_invalid', 'verify is not a function'],
  ['no hook at all', hooksText(''), 'definition_invalid', 'declares no hook'],
  ['code that throws', `${hooksText()}throw new Error('broken');`, 'definition_invalid', 'broken'],
])('a file with %s is refused, with its place', async (_name, text, code, message) => {
  const [problem] = await findProblems({ [own]: text });
  expect(problem).toMatchObject({ code, file: own, message: expect.stringContaining(message) as unknown });
});

test('hooks of a provider that nothing names are told', async () => {
  expect(await findProblems({ 'providers/dmeo.hooks.ts': hooksText() })).toMatchObject([
    { code: 'provider_unknown', file: 'providers/dmeo.hooks.ts' },
  ]);
});

test('the types of hooks are checked, and a tsconfig.json that leaves them out is refused', async () => {
  const wrong = hooksText('obtainToken: () => ({ token: 1 }), renewToken({ token }) { return token.refresh; }');
  const { root, write } = await createTestProject({ [own]: wrong });
  const { diagnostics } = await checkTypes(await loadProject(root));
  expect(new Set(diagnostics.map(({ file }) => file))).toEqual(new Set([own]));
  expect(diagnostics.length).toBeGreaterThan(1);
  await write({
    [own]: hooksText(
      `async beforeRequest({ url, body }, { credentials, signal }) {
        return { headers: { 'x-length': String(body?.length ?? 0), 'x-key': credentials.apiKey ?? null, host: url }, body: signal.aborted ? '' : undefined };
      },
      afterConnect: async ({ request }) => ({ id: (await request<{ id: string }>('/me')).data.id }),
      revoke() {},`,
    ),
  });
  expect((await checkTypes(await loadProject(root))).diagnostics).toEqual([]);
  await write({ 'tsconfig.json': '{ "compilerOptions": { "skipLibCheck": true }, "include": ["tenon.config.ts"] }' });
  await expect(checkTypes(await loadProject(root))).rejects.toMatchObject({
    code: 'types_failed',
    hint: 'Add "providers" to its "include".',
  });
});
