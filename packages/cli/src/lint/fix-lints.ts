import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFiles } from '../scaffold/write-files.ts';
import type { LintFix } from './lint-finding.ts';

/**
 * Inserts what mends findings, in all files or none.
 * @returns how many were mended
 */
export async function fixLints(
  fixes: readonly LintFix[],
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<number> {
  const files = [...new Set(fixes.map(({ file }) => file))];
  const changes = await Promise.all(
    files.map(async (path) => {
      const before = await readFile(join(root, path), 'utf8');
      // From the end, so that places before stay where they are.
      const own = fixes.filter(({ file }) => file === path).toSorted((a, b) => b.at - a.at);
      const text = own.reduce((result, { at, insert }) => result.slice(0, at) + insert + result.slice(at), before);
      return { path, before, text };
    }),
  );
  if (changes.length > 0) await writeFiles(root, { changes, signal });
  return fixes.length;
}
