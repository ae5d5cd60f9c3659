import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Replaces a file as a whole, readable by its owner alone: whoever reads sees the old text or the new one. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const staged = `${path}.${randomUUID()}.tmp`;
  try {
    // `wx` makes it with this mode, so that nobody can open it before.
    const file = await open(staged, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}
