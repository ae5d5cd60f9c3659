import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFileNames } from './package-manager.ts';

/**
 * Remembers what an installation may bring or change, beside the packages of folders that had some before.
 * @returns brings the folders back to how they were
 */
export async function rememberInstallation(folders: readonly string[]): Promise<() => Promise<void>> {
  const before = new Map<string, string | undefined>();
  for (const folder of folders) {
    for (const name of lockFileNames) {
      const file = join(folder, name);
      before.set(file, existsSync(file) ? await readFile(file, 'latin1') : undefined);
    }
    const packages = join(folder, 'node_modules');
    if (!existsSync(packages)) before.set(packages, undefined);
  }
  return async () => {
    for (const [file, text] of before) {
      if (text === undefined) await rm(file, { recursive: true, force: true });
      else if ((await readFile(file, 'latin1').catch(() => undefined)) !== text) await writeFile(file, text, 'latin1');
    }
  };
}
