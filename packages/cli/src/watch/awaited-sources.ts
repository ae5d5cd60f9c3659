import { posix } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { ProjectProblem } from '../project/project-problem.ts';

const extensions = ['', '.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

/**
 * The files whose coming or change could mend an error: those that it names, and those that an import did not find.
 * A build that fails does not tell what it read, so that they may not be watched yet.
 */
export function findAwaitedSources(error: unknown): ReadonlySet<string> {
  const problems = error instanceof TenonError ? error.details?.['problems'] : undefined;
  if (!Array.isArray(problems)) return new Set();
  return new Set(
    (problems as ProjectProblem[]).flatMap(({ file, message }) => {
      if (file === undefined) return [];
      const wanted = /^Could not resolve "(\.[^"]*)"/.exec(message)?.[1];
      if (wanted === undefined) return [file];
      const path = posix.join(posix.dirname(file), wanted);
      // `./a.js` stands for a.ts, too.
      const bare = path.replace(/\.([cm]?)js$/, '');
      return [file, ...extensions.flatMap((extension) => [`${path}${extension}`, `${bare}${extension}`])];
    }),
  );
}
