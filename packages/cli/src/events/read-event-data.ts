import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { readStdin } from '../commands/read-stdin.ts';

/**
 * Reads the body of an event: JSON as it is, a file (`@` before it is allowed), or stdin with `-`.
 * @throws TenonError `usage_invalid`
 */
export async function readEventData(text: string, { cwd }: { cwd: string }): Promise<unknown> {
  const source = text.startsWith('@') ? text.slice(1) : text;
  const isJson = source === text && /^\s*(?:[[{"]|-?\d|true|false|null)/.test(text) && text !== '-';
  const json = isJson ? text : source === '-' ? await readStdin() : await readSource(source, cwd);
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new TenonError('usage_invalid', `--data is not JSON: ${(cause as Error).message}.`, {
      hint: 'Write --data \'{"action":"opened"}\', --data event.json, or --data - to read stdin.',
      cause,
    });
  }
}

async function readSource(source: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, source), 'utf8');
  } catch (cause) {
    throw new TenonError('usage_invalid', `--data: ${source} cannot be read.`, {
      hint: 'It is JSON, a path from the current folder, or - for stdin.',
      cause,
    });
  }
}
