import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { actionText, demoProvider, syncText } from './create-test-project.ts';

/** Writes a template of the provider `demo`, as templates/ has them, and returns its folder. */
export async function writeTemplate(parent: string): Promise<string> {
  const folder = join(parent, 'template');
  const files = {
    'provider.yaml': demoProvider,
    'models.ts': "import { z } from '@tenon/runtime';\n\nexport const User = z.object({ id: z.string() });\n",
    'syncs/issues.ts': syncText(),
    'syncs/issues.test.ts': 'not copied',
    'actions/create-issue.ts': actionText,
    'fixtures/issues.json': '[]',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
