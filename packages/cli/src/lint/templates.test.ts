import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProvider } from '@tenon/runtime/provider';
import { beforeAll, expect, test } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { lintFiles } from './lint-files.ts';
import type { FileRole, LintInputFile } from './lint-input.ts';

// The compiler is loaded once, outside of what a single test may take.
beforeAll(async () => void (await import('ts-morph')), 120_000);

const root = fileURLToPath(new URL('../../../../templates', import.meta.url));
const roles: ReadonlyArray<readonly [string, FileRole]> = [
  ['syncs', 'sync'],
  ['actions', 'action'],
];

function listScripts(template: string): LintInputFile[] {
  const provider = loadProvider(readFileSync(join(root, template, 'provider.yaml'), 'utf8'), template);
  const hooks: LintInputFile[] = existsSync(join(root, template, 'hooks.ts'))
    ? [{ path: `${template}/hooks.ts`, role: 'hooks' }]
    : [];
  return roles.reduce((files, [folder, role]) => {
    const names = existsSync(join(root, template, folder)) ? readdirSync(join(root, template, folder)) : [];
    const paginationStyle = provider.pagination?.style;
    return [...files, ...names.map((name) => ({ path: `${template}/${folder}/${name}`, role, paginationStyle }))];
  }, hooks);
}

test('every shipped template passes the lints', async () => {
  const templates = readdirSync(root).filter((name) => existsSync(join(root, name, 'provider.yaml')));
  const files = templates.flatMap(listScripts);
  expect(files.length).toBeGreaterThan(20);
  const { findings } = await lintFiles({ root, files, rules: {} });
  expect(findings).toEqual([]);
  // One program of everything that the templates import: a second of work, much more on a machine that is busy.
}, 120_000);

test('every script that the documentation shows passes the lints', async () => {
  const page = readFileSync(new URL('../../../../docs/scripts.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```ts\n\/\/ (integrations\/\S+\.ts)\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(5);
  const written = await createTestProject(Object.fromEntries(blocks.map(([, path = '', text = '']) => [path, text])));
  const files = blocks.map(([, path = '']): LintInputFile => ({
    path,
    role: path.includes('/syncs/') ? 'sync' : path.includes('/actions/') ? 'action' : 'module',
  }));
  const { findings } = await lintFiles({ root: written.root, files, rules: {} });
  expect(findings).toEqual([]);
});
