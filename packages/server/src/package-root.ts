import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** This package's own folder, absolute, from wherever its code lies: in src, in dist, or in the program in dist. */
export const packageRoot = dirname(createRequire(import.meta.url).resolve('@tenon/server/package.json'));
