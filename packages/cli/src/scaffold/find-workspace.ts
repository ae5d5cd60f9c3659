import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { PackageManager } from './package-manager.ts';

/** Where the repository of a folder begins. */
export interface Workspace {
  /** Absolute: the nearest folder that has .git or declares workspaces; the folder itself when there is none. */
  readonly root: string;
  /** From the root to the folder, with forward slashes; empty: they are the same. */
  readonly path: string;
  /** That package.json names (`packageManager`, for corepack), or that the workspaces are of. */
  readonly manager: PackageManager | undefined;
  /** Whether it declares workspaces, and is not only a repository. */
  readonly isMonorepo: boolean;
  readonly isYarnClassic: boolean;
}

/**
 * Finds the repository that a folder belongs to, which need not exist yet: a monorepo of npm, pnpm, yarn or bun, or any
 * other git repository. A home folder that is one (of dotfiles) is nobody's repository.
 */
export function findWorkspace(folder: string): Workspace {
  let manager: PackageManager | undefined;
  for (let current = folder; ; current = dirname(current)) {
    const manifest = readManifest(join(current, 'package.json'));
    const isPnpm = existsSync(join(current, 'pnpm-workspace.yaml'));
    manager ??= manifest.manager ?? (isPnpm ? 'pnpm' : undefined);
    const isRepository = existsSync(join(current, '.git')) && current !== homedir();
    if (isPnpm || manifest.hasWorkspaces || isRepository) {
      const path = relative(current, folder).split(sep).join('/');
      const isYarnClassic = /^# yarn lockfile v1$/m.test(readText(join(current, 'yarn.lock')).slice(0, 500));
      return { root: current, path, manager, isMonorepo: isPnpm || manifest.hasWorkspaces, isYarnClassic };
    }
    if (dirname(current) === current)
      return { root: folder, path: '', manager, isMonorepo: false, isYarnClassic: false };
  }
}

function readManifest(file: string): { manager: PackageManager | undefined; hasWorkspaces: boolean } {
  const none = { manager: undefined, hasWorkspaces: false };
  if (!existsSync(file)) return none;
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return none;
    const named =
      'packageManager' in parsed ? /^(npm|pnpm|yarn|bun)@/.exec(String(parsed.packageManager))?.[1] : undefined;
    return { manager: named as PackageManager | undefined, hasWorkspaces: 'workspaces' in parsed };
  } catch {
    // Whoever owns it will be told by their own tools; nothing here depends on it.
    return none;
  }
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
