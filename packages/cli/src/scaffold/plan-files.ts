import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';

/** A file that a project should have. */
export interface WantedFile {
  /** Path from the project's root with forward slashes. */
  readonly path: string;
  readonly text: string;
  /**
   * What happens when the file exists with another text. `refuse` (default): nothing is written at all. `keep`: the
   * user's file stays. `append`: the lines that it lacks are added at its end. `replace`: the text was made from the
   * user's own file.
   */
  readonly ifDifferent?: 'refuse' | 'keep' | 'append' | 'replace';
}

export interface FileChange {
  readonly path: string;
  readonly text: string;
  /** What the file holds now; undefined: it does not exist. */
  readonly before: string | undefined;
}

export interface FilePlan {
  readonly changes: readonly FileChange[];
  /** Files that stay although the project would have got others. */
  readonly kept: readonly string[];
}

/**
 * Compares wanted files with what is there. Files that are there already are no change, so that running twice is safe.
 * @throws TenonError `file_exists` that lists every file in the way
 */
export async function planFiles(root: string, wanted: readonly WantedFile[]): Promise<FilePlan> {
  const changes: FileChange[] = [];
  const kept: string[] = [];
  const refused: string[] = [];
  for (const file of wanted) {
    const before = await readIfPresent(join(root, file.path));
    if (before === undefined || file.ifDifferent === 'replace') {
      if (before !== file.text) changes.push({ path: file.path, text: file.text, before });
    } else if (file.ifDifferent === 'append') {
      const text = appendMissingLines(before, file.text);
      if (text !== before) changes.push({ path: file.path, text, before });
    } else if (before !== file.text) {
      (file.ifDifferent === 'keep' ? kept : refused).push(file.path);
    }
  }
  if (refused.length > 0) {
    throw new TenonError('file_exists', `Nothing was written, because it would replace: ${refused.join(', ')}.`, {
      hint: 'Move or remove these files, or keep them and leave this out.',
      details: { files: refused },
    });
  }
  return { changes, kept };
}

function appendMissingLines(before: string, wanted: string): string {
  // `.tenon` and `/.tenon/` mean the same to git here.
  const bare = (line: string) => line.trim().replace(/^\//, '').replace(/\/$/, '');
  const present = new Set(before.split(/\r?\n/).map(bare));
  const missing = wanted.split('\n').filter((line) => line !== '' && !present.has(bare(line)));
  if (missing.length === 0) return before;
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  return `${before}${separator}${missing.join('\n')}\n`;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT') return undefined;
    if (error.code !== 'EISDIR' && error.code !== 'ENOTDIR') throw error;
    throw new TenonError('file_exists', `A file is needed at ${file}, but there is a folder, or a file above it.`, {
      hint: 'Move or remove what is there.',
      cause: error,
    });
  }
}
