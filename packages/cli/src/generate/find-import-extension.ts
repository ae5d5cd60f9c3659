import { dirname, join } from 'node:path';
import type { ImportExtension } from './read-client-files.ts';

/**
 * How the files of an SDK in this folder may name each other: `.ts` where the project's tsconfig says so, as Node's
 * type stripping and Deno want it, and `.js` otherwise.
 * @param directory absolute; it need not exist yet
 */
export async function findImportExtension(directory: string): Promise<ImportExtension> {
  const { ts } = await import('ts-morph');
  const file = ts.findConfigFile(directory, ts.sys.fileExists, 'tsconfig.json');
  if (file === undefined) return '.js';
  // Only the options matter, so no file is listed: that would walk the whole project.
  const host = { ...ts.sys, readDirectory: () => [] };
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { config?: unknown };
  const { options } = ts.parseJsonConfigFileContent(config ?? {}, host, dirname(file), undefined, join(file));
  const mayNameTs = options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true;
  return mayNameTs ? '.ts' : '.js';
}
