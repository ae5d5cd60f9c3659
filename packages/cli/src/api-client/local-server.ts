import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Where a project's own server keeps what it writes. */
export function dataDirectoryOf(projectRoot: string): string {
  return join(projectRoot, '.tenon');
}

const serverFileSchema = z.object({ url: z.url(), pid: z.number().int(), version: z.string() });

export interface LocalServer {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  /** Whether its process exists. */
  readonly isAlive: boolean;
}

/** Reads what the project's server wrote about itself; undefined when there is no such file, or it is half written. */
export async function readLocalServer(projectRoot: string): Promise<LocalServer | undefined> {
  const text = await readOptional(join(dataDirectoryOf(projectRoot), 'server.json'));
  if (text === undefined) return undefined;
  try {
    const parsed = serverFileSchema.safeParse(JSON.parse(text));
    return parsed.success ? { ...parsed.data, isAlive: isProcessAlive(parsed.data.pid) } : undefined;
  } catch {
    return undefined;
  }
}

/** The key that the project's server wrote for its owner. */
export async function readLocalApiKey(projectRoot: string): Promise<string | undefined> {
  const text = await readOptional(join(dataDirectoryOf(projectRoot), 'api-key'));
  return text?.trim() || undefined;
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a process of that id exists. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
