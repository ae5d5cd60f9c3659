import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const runtimePackage = fileURLToPath(new URL('../../../runtime', import.meta.url));

export interface TestProject {
  readonly root: string;
  /** Writes files by their paths from the root. */
  write(files: Record<string, string>): Promise<void>;
}

/**
 * A folder with a valid project for the provider `demo`, in which @tenon/runtime is installed, and what is
 * written over it. Removed when the test ends.
 */
export async function createTestProject(files: Record<string, string> = {}): Promise<TestProject> {
  const root = await mkdtemp(join(tmpdir(), 'tenon-cli-'));
  await mkdir(join(root, 'node_modules', '@tenon'), { recursive: true });
  await symlink(runtimePackage, join(root, 'node_modules', '@tenon', 'runtime'), 'junction');
  const write = async (written: Record<string, string>) => {
    for (const [path, text] of Object.entries(written)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  };
  await write({ ...baseFiles, ...files });
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return { root, write };
}

export const demoProvider = `name: demo
displayName: Demo
docs: https://example.com/docs
sources: [https://example.com/docs]
auth: { mode: none }
baseUrl: https://api.example.com
`;

const baseFiles = {
  'package.json': '{ "private": true, "type": "module" }\n',
  'tenon.config.ts': `import { defineConfig } from '@tenon/runtime';

export default defineConfig({ integrations: { demo: {} } });
`,
  'tsconfig.json': `${JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: [],
      module: 'preserve',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
    },
    include: ['tenon.config.ts', 'integrations', 'providers'],
  })}\n`,
  'providers/demo.yaml': demoProvider,
};

/** A sync that owns one model. */
export function syncText(model = 'Issue', options = ''): string {
  return `import { defineSync, z } from '@tenon/runtime';

const ${model} = z.object({ id: z.string(), updatedAt: z.string() });

export default defineSync({
  models: { ${model} },
  ${options}
  async run(sync) {
    await sync.save('${model}', []);
  },
});
`;
}

export const actionText = `import { defineAction, z } from '@tenon/runtime';

export default defineAction({
  input: z.object({ title: z.string().default('Untitled') }),
  output: z.object({ id: z.string() }),
  run: (action) => ({ id: action.input.title }),
});
`;
