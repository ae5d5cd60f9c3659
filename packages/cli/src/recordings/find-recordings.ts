import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { recordingSuffix } from './recording-place.ts';

export interface FoundRecording {
  /** `<integration>/<function>`, as its folders say. */
  readonly functionName: string;
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** From the project's root, with forward slashes. */
  readonly file: string;
}

/** Lists tests/<integration>/<function>/<name>.recording.json, sorted. */
export async function findRecordings(root: string): Promise<FoundRecording[]> {
  const found: FoundRecording[] = [];
  for (const integration of await listFolder(join(root, 'tests'))) {
    for (const name of await listFolder(join(root, 'tests', integration))) {
      for (const fileName of await listFolder(join(root, 'tests', integration, name))) {
        if (!fileName.endsWith(recordingSuffix)) continue;
        const file = `tests/${integration}/${name}/${fileName}`;
        found.push({
          functionName: `${integration}/${name}`,
          name: fileName.slice(0, -recordingSuffix.length),
          path: join(root, file),
          file,
        });
      }
    }
  }
  return found;
}

/** Names in a folder, sorted; a file, or nothing, has none. */
async function listFolder(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  try {
    return (await readdir(folder)).filter((name) => name !== 'node_modules' && !name.startsWith('.')).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [];
    throw error;
  }
}
