import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { readStdin } from './read-stdin.ts';

/**
 * Reads a flag that takes JSON: as it is, from `@file`, or from stdin with `@-`.
 * @throws TenonError `usage_invalid`
 */
export async function readJsonFlag(text: string, flag: string, options: { cwd: string }): Promise<unknown> {
  const json = text.startsWith('@') ? await readSource(text.slice(1), flag, options.cwd) : text;
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new TenonError('usage_invalid', `${flag} is not JSON: ${(cause as Error).message}.`, {
      hint: `Write ${flag} '{"title":"..."}', or ${flag} @input.json.`,
      cause,
    });
  }
}

async function readSource(source: string, flag: string, cwd: string): Promise<string> {
  if (source === '-') return readStdin();
  try {
    return await readFile(resolve(cwd, source), 'utf8');
  } catch (cause) {
    throw new TenonError('usage_invalid', `${flag}: ${source} cannot be read.`, {
      hint: 'The path is taken from the current folder.',
      cause,
    });
  }
}
