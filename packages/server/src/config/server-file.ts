import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the CLI of a project reads to find the server that runs for it. */
export interface ServerFile {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
}

/**
 * Writes `server.json`, whole or not at all, for its owner only.
 * @returns how to remove it
 */
export async function writeServerFile(dataDirectory: string, content: ServerFile): Promise<() => Promise<void>> {
  const file = join(dataDirectory, 'server.json');
  const draft = `${file}.${content.pid}`;
  await writeFile(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  await rename(draft, file);
  return () => rm(file, { force: true });
}
