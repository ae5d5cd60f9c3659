import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const builtPage = path.resolve(import.meta.dirname, '../../packages/server/dist/connect-page');
const budgetBytes = 120_000;

test('the built page stays under its budget, asks nobody else for anything, and carries no source maps', async () => {
  const names = await readdir(builtPage, { recursive: true });
  const files = names.filter((name) => /\.(js|css|html|svg|map)$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(path.join(builtPage, name), 'utf8')));
  const bytes = texts.map((text) => gzipSync(text).length).reduce((sum, length) => sum + length, 0);
  expect(bytes).toBeLessThan(budgetBytes);
  expect(files.filter((name) => name.endsWith('.map'))).toEqual([]);
  // zod is the contract's, and stays with the server.
  expect(texts.filter((text) => text.includes('ZodError'))).toEqual([]);
  const html = texts[files.indexOf('index.html')] ?? '';
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|https?:\/\//);
});
