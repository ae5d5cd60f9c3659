import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** The package manager of the nearest lock file, or the one that started us (`pnpm create ...`), or npm. */
export function detectPackageManager(folder: string, userAgent: string | undefined): PackageManager {
  for (let current = folder; ; current = dirname(current)) {
    const found = lockFiles.find(([name]) => existsSync(join(current, name)));
    if (found) return found[1];
    if (dirname(current) === current) break;
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

/** How each one adds a package, for messages. */
export function describeAdding(manager: PackageManager, packages: { normal: string[]; development: string[] }): string {
  const add = manager === 'npm' ? 'install' : 'add';
  return [
    ...(packages.normal.length > 0 ? [`${manager} ${add} ${packages.normal.join(' ')}`] : []),
    ...(packages.development.length > 0 ? [`${manager} ${add} -D ${packages.development.join(' ')}`] : []),
  ].join(' && ');
}
