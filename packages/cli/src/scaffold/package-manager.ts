import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findWorkspace } from './find-workspace.ts';

export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;
export type PackageManager = (typeof packageManagers)[number];

const lockFiles: ReadonlyArray<readonly [string, PackageManager]> = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
];

export const lockFileNames: readonly string[] = lockFiles.map(([name]) => name);

/**
 * The package manager that package.json or the workspaces name, or that of the nearest lock file, or the one that
 * started us (`pnpm create ...`), or npm. Looks in the folder and up to where its repository begins.
 */
export function detectPackageManager(folder: string, userAgent: string | undefined): PackageManager {
  const workspace = findWorkspace(folder);
  if (workspace.manager !== undefined) return workspace.manager;
  for (let current = folder; ; current = dirname(current)) {
    const found = lockFiles.find(([name]) => existsSync(join(current, name)));
    if (found) return found[1];
    if (current === workspace.root || dirname(current) === current) break;
  }
  const name = userAgent?.split('/')[0];
  return packageManagers.find((manager) => manager === name) ?? 'npm';
}

/** How each one is told to install what package.json says. */
export const installArguments: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['install', '--no-audit', '--no-fund'],
  pnpm: ['install'],
  yarn: ['install'],
  bun: ['install'],
};

/** How each one runs a package's binary. */
export const executePrefix: Readonly<Record<PackageManager, string>> = {
  npm: 'npx',
  pnpm: 'pnpm',
  yarn: 'yarn',
  bun: 'bunx',
};

/**
 * How each one adds a package, for messages.
 * @param packages.isWorkspaceRoot pnpm and yarn want it said that the root of the workspaces is meant
 */
export function describeAdding(
  manager: PackageManager,
  packages: { normal: string[]; development: string[]; isWorkspaceRoot?: boolean },
): string {
  const toRoot = packages.isWorkspaceRoot ? { npm: '', pnpm: ' -w', yarn: ' -W', bun: '' }[manager] : '';
  const add = `${manager === 'npm' ? 'install' : 'add'}${toRoot}`;
  return [
    ...(packages.normal.length > 0 ? [`${manager} ${add} ${packages.normal.join(' ')}`] : []),
    ...(packages.development.length > 0 ? [`${manager} ${add} -D ${packages.development.join(' ')}`] : []),
  ].join(' && ');
}
