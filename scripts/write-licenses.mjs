// The licences of the packages whose code a bundle contains, as they ask for; builds call it.
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param metafile what esbuild says of a bundle that was built in this process's working directory
 * @param file where the licences go
 */
export async function writeLicenses(metafile, file) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (folder !== undefined) folders.add(await realpath(folder));
  }
  const texts = await Promise.all([...folders].sort().map(readLicense));
  await writeFile(file, texts.join(`\n\n${'-'.repeat(80)}\n\n`));
}

async function readLicense(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const found = (await readdir(folder)).find((one) => /^licen[sc]e(?:\.|$)/i.test(one));
  const text = found === undefined ? `Licence: ${license}` : (await readFile(path.join(folder, found), 'utf8')).trim();
  return `${name} ${version}\n\n${text}`;
}
