import { accessSync, chmodSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectoryOf } from '../../../api-client/local-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** What only the owner may read. */
const secretFiles = ['api-key', 'encryption-key'];

export const dataFolder: DoctorCheck = {
  name: '.tenon',
  about: 'machine',
  run({ root }) {
    if (root === undefined) return { status: 'skipped', found: 'no project to look in' };
    const folder = dataDirectoryOf(root);
    if (!existsSync(folder)) return { status: 'ok', found: 'not there yet; `tenon dev` makes it' };
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      return {
        status: 'failed',
        found: `${folder} cannot be written`,
        fix: `Give it to yourself: \`sudo chown -R "$(id -u)" ${folder}\`. It may be left by a container or by root.`,
      };
    }
    // Windows has no such bits; the folder of a user is readable by that user.
    const open =
      process.platform === 'win32' ? [] : secretFiles.filter((name) => isReadableByOthers(join(folder, name)));
    if (open.length === 0) return { status: 'ok', found: folder };
    return {
      status: 'warning',
      found: `others on this machine can read ${open.join(', ')}`,
      fix: `Run \`chmod 600 ${open.map((name) => join(folder, name)).join(' ')}\`.`,
      repair() {
        for (const name of open) chmodSync(join(folder, name), 0o600);
        return `${open.join(', ')} can be read by you alone now`;
      },
    };
  },
};

function isReadableByOthers(file: string): boolean {
  return existsSync(file) && (statSync(file).mode & 0o077) !== 0;
}
