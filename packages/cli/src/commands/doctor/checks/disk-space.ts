import { statfs } from 'node:fs/promises';
import type { DoctorCheck } from '../doctor-check.ts';

const gigabyte = 1024 ** 3;
/** Postgres stops for good when its log has no room. */
const needed = { failed: 0.2 * gigabyte, warning: gigabyte };

export const diskSpace: DoctorCheck = {
  name: 'disk space',
  about: 'machine',
  async run({ root, cwd }) {
    const folder = root ?? cwd;
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const found = `${(free / gigabyte).toFixed(1)} GB free at ${folder}`;
    if (free >= needed.warning) return { status: 'ok', found };
    return {
      status: free < needed.failed ? 'failed' : 'warning',
      found,
      fix: 'Make room: the database of `tenon dev` needs a gigabyte to work in.',
    };
  },
};
