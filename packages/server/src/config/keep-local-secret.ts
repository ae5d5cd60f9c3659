import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { TenonError } from '@tenon/runtime/errors';

/**
 * Reads a secret of the data directory, or generates it once. The file appears whole or not at all, and of two
 * servers that start at the same moment both end with the same secret: `link` refuses to replace what exists.
 * @param file absolute path; created with mode 0600 in a directory with mode 0700
 * @throws TenonError `server_config_invalid` when the file cannot be read or written, or does not pass `isValid`
 */
export async function keepLocalSecret(
  file: string,
  options: { generate: () => string; isValid: (secret: string) => boolean },
): Promise<string> {
  try {
    const existing = await readSecret(file);
    if (existing === undefined) await createSecret(file, options.generate());
    const secret = existing ?? (await readSecret(file));
    if (secret !== undefined && options.isValid(secret)) return secret;
  } catch (cause) {
    throw new TenonError('server_config_invalid', `${file} cannot be read or written (${errorCode(cause)}).`, {
      hint: "Make the data directory writable for the server's user, or set TENON_DATA_DIRECTORY.",
      cause,
    });
  }
  throw new TenonError('server_config_invalid', `${file} does not hold a valid secret.`, {
    hint: 'Restore the file from where it was written first. Deleting it makes a new one, which cannot read what the old one encrypted.',
  });
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function createSecret(file: string, secret: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${secret}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
