import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TenonError } from '@tenon/runtime/errors';

/**
 * Finds TypeScript's native executable. It is spawned itself, because killing the script that typescript's `bin`
 * names would leave the executable running.
 * @throws TenonError `types_failed` when this platform has none
 */
export async function findTypeChecker(): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  try {
    const finder: unknown = await import(pathToFileURL(join(dirname(manifest), 'lib', 'getExePath.js')).href);
    return readFinder(finder)();
  } catch (error) {
    throw new TenonError('types_failed', `TypeScript has no executable for ${process.platform} ${process.arch}.`, {
      hint: 'Install again without --no-optional: TypeScript 7 brings its compiler as an optional dependency.',
      cause: error,
    });
  }
}

function readFinder(module: unknown): () => string {
  if (typeof module === 'object' && module !== null && 'default' in module && typeof module.default === 'function') {
    return module.default as () => string;
  }
  throw new Error('typescript/lib/getExePath.js has no default export.');
}
