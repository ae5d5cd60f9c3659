import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const packages = path.resolve(import.meta.dirname, '../../packages');

export interface TestProject {
  readonly root: string;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** An empty folder in which the repository's packages resolve, as after `npm install`. */
export async function createProjectFolder(name = 'project'): Promise<TestProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tenon-test-'));
  const root = path.join(folder, name);
  const modules = path.join(root, 'node_modules');
  await mkdir(path.join(modules, '@tenon'), { recursive: true });
  await symlink(path.join(packages, 'runtime'), path.join(modules, '@tenon/runtime'), 'dir');
  await symlink(path.join(packages, 'cli'), path.join(modules, 'tenon'), 'dir');
  await symlink(path.join(packages, 'runtime/node_modules/zod'), path.join(modules, 'zod'), 'dir');
  return {
    root,
    write: async (file, text) => {
      const target = path.join(root, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Of a project that is written in a test: nothing but its own files and what it imports. */
export const tsconfig = `${JSON.stringify({
  compilerOptions: {
    target: 'es2022',
    module: 'preserve',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['tenon.config.ts', 'integrations'],
})}\n`;
