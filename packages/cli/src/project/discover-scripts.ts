import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectScript } from './project.ts';

/** What lies in integrations/, before anything is judged. */
export interface DiscoveredFiles {
  /** Folders in integrations/. */
  readonly integrations: readonly string[];
  /** Folders in integrations/<integration>/, as paths from the root. */
  readonly folders: readonly string[];
  /** Sorted by source. */
  readonly scripts: readonly ProjectScript[];
  /** Files in syncs/ and actions/ that are no scripts for their extension. */
  readonly others: readonly string[];
}

const kinds = { syncs: 'sync', actions: 'action' } as const;

/** Lists integrations/<integration>/{syncs,actions}/<name>.ts. */
export async function discoverScripts(root: string): Promise<DiscoveredFiles> {
  const integrations = await listFolders(join(root, 'integrations'));
  const folders: string[] = [];
  const scripts: ProjectScript[] = [];
  const others: string[] = [];
  for (const integration of integrations) {
    for (const folder of await listFolders(join(root, 'integrations', integration))) {
      folders.push(`integrations/${integration}/${folder}`);
    }
    for (const [folder, kind] of Object.entries(kinds)) {
      for (const fileName of await listFiles(join(root, 'integrations', integration, folder))) {
        const source = `integrations/${integration}/${folder}/${fileName}`;
        if (isScript(fileName)) {
          scripts.push({ kind, integration, name: fileName.slice(0, -'.ts'.length), file: join(root, source), source });
        } else if (isMisnamedScript(fileName)) {
          others.push(source);
        }
      }
    }
  }
  scripts.sort((a, b) => (a.source < b.source ? -1 : 1));
  return { integrations, folders, scripts, others };
}

function isScript(fileName: string): boolean {
  return fileName.endsWith('.ts') && !/\.(d|test|spec)\.ts$/.test(fileName);
}

function isMisnamedScript(fileName: string): boolean {
  return /\.(m|c)?(t|j)sx?$/.test(fileName) && !/\.(d|test|spec)\.\w+$/.test(fileName);
}

async function listFolders(folder: string): Promise<string[]> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort();
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  // Emacs' locks are links such as `.#issues.ts`: what begins with a dot is no script.
  return entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}
