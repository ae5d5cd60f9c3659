import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the templates that a project can start from: each provider in the folder that comes with syncs. Sorted. */
export async function listTemplates(templatesFolder: string): Promise<string[]> {
  const providers = await listShippedProviders(templatesFolder);
  return providers.filter((name) => existsSync(join(templatesFolder, name, 'syncs')));
}

/** Names of the providers in a folder: each folder in it that has a provider.yaml. Sorted. */
export async function listShippedProviders(templatesFolder: string): Promise<string[]> {
  if (!existsSync(templatesFolder)) return [];
  const entries = await readdir(templatesFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(templatesFolder, entry.name, 'provider.yaml')))
    .map((entry) => entry.name)
    .sort();
}
