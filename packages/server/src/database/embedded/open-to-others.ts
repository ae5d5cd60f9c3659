import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether another user can get to this directory: one below /root or a 0700 folder is closed to it. */
export function isOpenToOthers(directory: string): boolean {
  for (let path = directory; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
