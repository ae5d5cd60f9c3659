import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestSchema } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { expect, test } from 'vitest';
import { loadProject } from '../project/load-project.ts';
import type { ProjectProblem } from '../project/project-problem.ts';
import { actionText, createTestProject, syncText } from '../testing/create-test-project.ts';
import { compileProject, createCompiler } from './compile-project.ts';

const sync = 'integrations/demo/syncs/issues.ts';
const action = 'integrations/demo/actions/create-issue.ts';

async function compile(files: Record<string, string>) {
  const { root } = await createTestProject(files);
  return compileProject(await loadProject(root));
}

async function failToCompile(files: Record<string, string>): Promise<TenonError> {
  return compile(files).then(
    () => Promise.reject(new Error('It compiled.')),
    (error: unknown) => (error instanceof TenonError ? error : Promise.reject(error)),
  );
}

function problemsOf(error: TenonError): ProjectProblem[] {
  return error.details?.['problems'] as ProjectProblem[];
}

test('a project becomes a manifest that the contract accepts, and bundles by their hashes', async () => {
  const { manifest, bundles } = await compile({
    [sync]: syncText('Issue', "schedule: 'every 15m', cursor: { field: 'updatedAt', lag: '5m' },"),
    [action]: actionText,
  });
  expect(manifestSchema.parse(manifest)).toEqual(manifest);
  expect(manifest.integrations).toEqual([{ name: 'demo', provider: 'demo', values: {}, authorizationParameters: {} }]);
  expect(manifest.functions).toMatchObject([
    { kind: 'action', name: 'create-issue', timeoutMs: 60_000 },
    {
      kind: 'sync',
      name: 'issues',
      source: sync,
      schedule: { type: 'interval', everyMs: 900_000 },
      cursor: { field: 'updatedAt', initial: null, order: 'unordered', lagMs: 300_000 },
      deletes: 'none',
      settings: null,
      timeoutMs: 3_600_000,
    },
  ]);
  expect([...bundles.keys()]).toEqual(manifest.functions.map((item) => item.bundle));
});

test('an input is described as its caller writes it, with defaults left out being allowed', async () => {
  const { manifest } = await compile({ [action]: actionText });
  const [made] = manifest.functions;
  expect(made).toMatchObject({ kind: 'action', input: { properties: { title: { default: 'Untitled' } } } });
  expect(made?.kind === 'action' && made.input['required']).toBeUndefined();
});

test('the same source has the same hash in another folder', async () => {
  const files = {
    [sync]: `import '../lib/a.ts';\n${syncText()}`,
    'integrations/demo/lib/a.ts': 'export const a = 1;\n',
  };
  const [first, second] = [await compile(files), await compile(files)];
  expect([...first.bundles.keys()]).toEqual([...second.bundles.keys()]);
  expect([...first.bundles.values()].join('')).not.toContain('tenon-cli-');
});

test('the same source has the same hash wherever a package manager puts its packages', async () => {
  const text = `import { shout } from 'shout';\n${syncText()}\nexport const shouted = shout('a');\n`;
  const shout = 'exports.shout = (text) => text.toUpperCase();\n';
  const hoisted = await compile({
    [sync]: text,
    'node_modules/shout/package.json': '{}',
    'node_modules/shout/index.js': shout,
  });

  const { root } = await createTestProject({
    [sync]: text,
    'store/.pnpm/shout@1.0.0/node_modules/shout/package.json': '{}',
    'store/.pnpm/shout@1.0.0/node_modules/shout/index.js': shout,
  });
  await symlink(join(root, 'store/.pnpm/shout@1.0.0/node_modules/shout'), join(root, 'node_modules/shout'), 'junction');
  const linked = await compileProject(await loadProject(root));
  expect([...linked.bundles.values()]).toEqual([...hoisted.bundles.values()]);
});

test('packages that exist only as ES modules are bundled', async () => {
  const { bundles } = await compile({
    [sync]: `import { answer } from 'esm-only';\n${syncText()}\nexport const used = answer;\n`,
    'node_modules/esm-only/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/esm-only/index.js': 'export const answer = "bundled-answer";\n',
  });
  expect([...bundles.values()][0]).toContain('bundled-answer');
  expect([...bundles.values()][0]).toContain('require("@tenon/runtime")');
});

test.each([
  ['an addon file', { 'index.js': "module.exports = require('./build/addon.node');", 'build/addon.node': 'ELF' }],
  ['a loader of addons', { 'index.js': "module.exports = require('node-gyp-build')(__dirname);" }],
  ['sources of an addon', { 'index.js': "require(['x', 'y'].join('/'));", 'binding.gyp': '{}' }],
])('a package with %s is named, with the way to it', async (_, files: Record<string, string>) => {
  const error = await failToCompile({
    [sync]: `import '../lib/store.ts';\n${syncText()}`,
    'integrations/demo/lib/store.ts': "import 'wrapper';\n",
    'node_modules/wrapper/index.js': "require('fast-native');\n",
    'node_modules/fast-native/package.json': '{ "version": "1.0.0" }',
    'node_modules/wrapper/package.json': '{ "version": "1.0.0" }',
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`node_modules/fast-native/${path}`, text])),
  });
  expect(error.code).toBe('native_module');
  expect(error.message).toContain(
    '"fast-native" has a native addon, which cannot be bundled: ' +
      'integrations/demo/syncs/issues.ts -> integrations/demo/lib/store.ts -> wrapper -> fast-native',
  );
});

test('top-level await says where to move it', async () => {
  const error = await failToCompile({
    [sync]: `${syncText()}\nexport const page = await fetch('https://example.com');\n`,
  });
  expect(error).toMatchObject({ code: 'bundle_failed', hint: expect.stringContaining('move the await into run()') });
  expect(problemsOf(error)[0]).toMatchObject({ file: sync, line: 13 });
});

test('a package that is not installed is named', async () => {
  const error = await failToCompile({ [sync]: `import '@scope/missing/part';\n${syncText()}` });
  expect(error.code).toBe('bundle_failed');
  expect(error.hint).toBe('Add @scope/missing to package.json and install it.');
});

test('a compiler sees an edit, and keeps the bundles that did not change', async () => {
  const project = await createTestProject({ [sync]: syncText(), [action]: actionText });
  const compiler = await createCompiler(await loadProject(project.root));
  const before = await compiler.compile();
  await project.write({ [sync]: syncText('Issue', "schedule: 'every 1h',") });
  const after = await compiler.compile();
  await compiler.dispose();
  expect(after.manifest.functions[0]).toEqual(before.manifest.functions[0]);
  expect(after.manifest.functions[1]?.bundle).not.toBe(before.manifest.functions[1]?.bundle);
  expect(after.manifest.functions[1]).toMatchObject({ schedule: { everyMs: 3_600_000 } });
});

test('an aborted compile ends with the reason', async () => {
  const { root } = await createTestProject({ [sync]: syncText() });
  const reason = new Error('stopped');
  const project = await loadProject(root);
  await expect(compileProject(project, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('schemas of another copy of zod 4 work', async () => {
  const { root } = await createTestProject({
    [sync]: syncText().replace(
      "{ defineSync, z } from '@tenon/runtime'",
      "{ defineSync } from '@tenon/runtime';\nimport * as z from 'zod/mini'",
    ),
  });
  await symlink(join(import.meta.dirname, '../../node_modules/zod'), join(root, 'node_modules/zod'), 'junction');
  const { manifest } = await compileProject(await loadProject(root));
  expect(manifest.functions[0]).toMatchObject({
    models: [{ name: 'Issue', schema: { required: ['id', 'updatedAt'] } }],
  });
});

test('an empty project compiles to an empty manifest', async () => {
  const { manifest, bundles } = await compile({});
  expect(manifest.functions).toEqual([]);
  expect(bundles.size).toBe(0);
});
