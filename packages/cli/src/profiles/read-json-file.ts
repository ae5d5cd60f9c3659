import { readFile } from 'node:fs/promises';
import { TenonError } from '@tenon/runtime/errors';
import type { z } from 'zod';

/**
 * Reads a file of the profile folder; undefined when there is none.
 * @throws TenonError `profile_store_failed` when it is not what was written there: it is never overwritten unread
 */
export async function readJsonFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new TenonError('profile_store_failed', `${path} cannot be read: ${code ?? String(error)}.`, {
      hint: 'Check the permissions of the file and its folder.',
      cause: error,
    });
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new TenonError('profile_store_failed', `${path} is not what tenon wrote there.`, {
    hint: 'Correct it, or remove it and run `tenon login` again. A newer tenon may have written it.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
