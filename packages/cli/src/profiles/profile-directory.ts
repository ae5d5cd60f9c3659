import { join } from 'node:path';

/**
 * Where profiles are kept: `%APPDATA%\\tenon` on Windows, otherwise by the XDG base directory specification.
 * Undefined where the environment names no home.
 */
export function profileDirectory(
  variables: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform === 'win32') {
    const folder = variables['APPDATA'];
    return folder ? join(folder, 'tenon') : undefined;
  }
  const { XDG_CONFIG_HOME: configured, HOME: home } = variables;
  // The specification: a path that is not absolute counts as absent.
  if (configured?.startsWith('/')) return join(configured, 'tenon');
  return home ? join(home, '.config', 'tenon') : undefined;
}
