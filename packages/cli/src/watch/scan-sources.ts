import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One file as it lies there: two that are equal in it have the same content. */
export interface FileStamp {
  readonly stamp: string;
  /** Milliseconds since 1970. */
  readonly changedAtMs: number;
}

export interface SourceScan {
  /** By path from the root, with forward slashes. */
  readonly files: ReadonlyMap<string, FileStamp>;
  /** Folders in which something may come, go or change: absolute path -> identity, which a folder made anew has not. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Folders of sources, from the root. */
const sourceFolders = ['integrations', 'providers'];

/** Whether a path is one of the folders of sources, or in one. */
export function isInSourceFolder(path: string): boolean {
  return sourceFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** What package managers write last: a package that was missing may be there now. */
const installMarkers = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml', '.yarn-integrity'].map(
  (name) => `node_modules/${name}`,
);

/** Files beside the folders, from the root. */
const sourceFiles = ['tenon.config.ts', 'tsconfig.json', 'package.json', '.env', ...installMarkers];

const sourceExtension = /\.(?:[cm]?[jt]sx?|json|ya?ml)$/;

/**
 * Looks at everything that a deployment is made from. Synchronous: 50 scripts take a millisecond, and nothing can
 * happen in between in this process.
 * @param followed files elsewhere, as paths from the root; they need not exist
 */
export function scanSources(root: string, followed: ReadonlySet<string>): SourceScan {
  const files = new Map<string, FileStamp>();
  const folders = new Map<string, string>();
  addFolder(root, folders);
  for (const folder of sourceFolders) walk(join(root, folder), { root, files, folders });
  for (const path of [...sourceFiles, ...followed]) {
    const file = resolve(root, path);
    const stamp = stampOf(file);
    if (stamp !== undefined) files.set(path, stamp);
    addNearestFolder(dirname(file), folders);
  }
  return { files, folders };
}

interface Found {
  readonly root: string;
  readonly files: Map<string, FileStamp>;
  readonly folders: Map<string, string>;
}

function walk(folder: string, found: Found): void {
  if (!addFolder(folder, found.folders)) return;
  for (const entry of listEntries(folder)) {
    // Drafts and locks that editors put beside a file begin with a dot.
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, found);
    else if (sourceExtension.test(entry.name)) {
      const stamp = stampOf(path);
      if (stamp !== undefined) found.files.set(relative(found.root, path).split(sep).join('/'), stamp);
    }
  }
}

function listEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone since it was looked at: the next scan knows.
    return [];
  }
}

function stampOf(file: string): FileStamp | undefined {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined || !stats.isFile()) return undefined;
  return {
    stamp: `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`,
    changedAtMs: Number(stats.ctimeMs),
  };
}

/** @returns whether there is such a folder */
function addFolder(folder: string, folders: Map<string, string>): boolean {
  if (folders.has(folder)) return true;
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return false;
  folders.set(folder, `${stats.dev}:${stats.ino}`);
  return true;
}

/** A file that is missing comes with a change of the nearest folder that there is. */
function addNearestFolder(folder: string, folders: Map<string, string>): void {
  for (let current = folder; !addFolder(current, folders); current = dirname(current)) {
    if (dirname(current) === current) return;
  }
}
