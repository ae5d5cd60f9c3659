import { readdir, readFile } from 'node:fs/promises';
import { withHeader, type SdkFile } from './sdk-file.ts';

/**
 * The client's sources lie in src/ also in the published package: the SDK carries them as they are, comments and all.
 * The path is right from src/generate and from dist/program.
 */
const clientFolder = new URL('../../src/generate/client/', import.meta.url);

/** How the SDK's files name each other: `js` by default, `ts` where sdk.importExtension says so (Deno, Node's own). */
export type ImportExtension = 'js' | 'ts';

/** For browsers, beside the SDK's index and not imported by it, so that servers do not carry it. */
const browserFile = 'connect-browser.ts';

/** Reads the part of the SDK that is the same for every project. */
export async function readClientFiles(importExtension: ImportExtension): Promise<SdkFile[]> {
  const names = (await readdir(clientFolder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return Promise.all(
    names.sort().map(async (name) => {
      const source = await readFile(new URL(name, clientFolder), 'utf8');
      const text = source.replace(/(from '\.\/[\w-]+)\.ts';/g, `$1.${importExtension}';`);
      return { path: name === browserFile ? 'connect.ts' : `client/${name}`, text: withHeader(text) };
    }),
  );
}
