import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const builtPage = path.resolve(import.meta.dirname, '../../packages/server/dist/connect-page');

/** Kilobytes (1,000 bytes) of the built page's scripts and styles, each file compressed by itself as servers do. */
export async function measurePage() {
  const html = await readFile(path.join(builtPage, 'index.html'), 'utf8');
  const names = (await readdir(path.join(builtPage, 'assets'))).filter((name) => /\.(js|css)$/.test(name));
  let all = 0;
  let first = 0;
  for (const name of names) {
    const { length } = gzipSync(await readFile(path.join(builtPage, 'assets', name)));
    all += length;
    if (html.includes(name)) first += length;
  }
  return { allKb: Math.ceil(all / 1_000), firstKb: Math.ceil(first / 1_000) };
}
