import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { generatedHeader, type SdkFile } from './sdk-file.ts';

export interface SdkChanges {
  /** Paths from the SDK's folder, with forward slashes. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

/**
 * Compares the SDK's folder with what it should hold.
 * @throws TenonError `file_exists` when a file that Tenon did not write is in the way
 */
export async function compareSdk(directory: string, files: readonly SdkFile[]): Promise<SdkChanges> {
  const found = await readTree(directory);
  const wanted = new Set(files.map((file) => file.path));
  const written = files.filter((file) => found.get(file.path) !== file.text).map((file) => file.path);
  const foreign = written.filter((path) => !(found.get(path) ?? generatedHeader).startsWith(generatedHeader));
  if (foreign.length > 0) {
    throw new TenonError('file_exists', `${join(directory, foreign[0] ?? '')} was not written by Tenon.`, {
      hint: 'Move it away, or choose another folder with --out or sdk.out in tenon.config.ts.',
      details: { files: foreign },
    });
  }
  const removed = [...found]
    .filter(([path, text]) => !wanted.has(path) && text.startsWith(generatedHeader))
    .map(([path]) => path)
    .sort();
  return { written, removed, unchanged: files.length - written.length };
}

/**
 * Makes the SDK's folder hold these files: writes those that differ, removes generated ones that are no longer made,
 * and leaves everything else alone. Each file is replaced in one step, so that nobody reads half of one.
 */
export async function writeSdk(
  directory: string,
  files: readonly SdkFile[],
  options: { signal?: AbortSignal } = {},
): Promise<SdkChanges> {
  const changes = await compareSdk(directory, files);
  options.signal?.throwIfAborted();
  const textByPath = new Map(files.map((file) => [file.path, file.text]));
  for (const path of changes.written) await replaceFile(join(directory, path), textByPath.get(path) ?? '');
  for (const path of changes.removed) {
    await rm(join(directory, path), { force: true });
    // Only empty folders go; the SDK's own stays.
    if (path.includes('/')) await rmdir(dirname(join(directory, path))).catch(() => {});
  }
  return changes;
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The TypeScript files below a folder, by their path from it; none when there is no folder. */
async function readTree(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Map(files.map((file, index) => [relative(directory, file).split(sep).join('/'), texts[index] ?? '']));
}
