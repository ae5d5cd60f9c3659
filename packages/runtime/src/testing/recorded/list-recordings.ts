import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const suffix = '.recording.json';

export interface ListedRecording {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly file: URL;
}

/**
 * The recordings in a folder, by name.
 * @param base the test's `import.meta.url`
 * @param folder from there, such as `./issues`
 */
export function listRecordings(base: string | URL, folder: string): ListedRecording[] {
  const url = new URL(folder.endsWith('/') ? folder : `${folder}/`, base);
  const names = existsSync(url) ? readdirSync(fileURLToPath(url)) : [];
  return names
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => ({ name: basename(name, suffix), file: new URL(encodeURIComponent(name), url) }));
}
