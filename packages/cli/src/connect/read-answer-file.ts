import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';

/**
 * The text of a file that a person named.
 * @throws TenonError `usage_invalid`
 */
export async function readAnswerFile(path: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new TenonError('usage_invalid', `${path} cannot be read.`, {
      hint: 'The path is taken from the current folder.',
      cause,
    });
  }
}
