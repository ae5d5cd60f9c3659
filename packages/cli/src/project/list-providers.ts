import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadProvider, type AuthMode } from '@tenon/runtime/provider';
import { listShippedProviders } from './list-templates.ts';

export interface ListedProvider {
  readonly name: string;
  readonly displayName: string;
  readonly categories: readonly string[];
  readonly authMode: AuthMode;
  /** Of the starter scripts. */
  readonly functions: readonly string[];
}

/** Reads every provider of a folder of templates. */
export async function listProviders(templatesFolder: string): Promise<ListedProvider[]> {
  const names = await listShippedProviders(templatesFolder);
  return Promise.all(
    names.map(async (name) => {
      const folder = join(templatesFolder, name);
      const text = await readFile(join(folder, 'provider.yaml'), 'utf8');
      const { displayName, categories, auth } = loadProvider(text, `templates/${name}/provider.yaml`);
      const functions = [
        ...(await listScripts(join(folder, 'syncs'))),
        ...(await listScripts(join(folder, 'actions'))),
      ];
      return { name, displayName, categories, authMode: auth.mode, functions };
    }),
  );
}

async function listScripts(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.ts') && !/\.(test|spec)\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}
