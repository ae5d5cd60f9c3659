import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const docs = path.resolve(import.meta.dirname, '../docs');
const text = await readFile(path.join(docs, 'semantics.md'), 'utf8');
const rows = [...text.matchAll(/^\| (\d+) +\| (.+?) +\| (.+?) +\|$/gm)];

test('docs/semantics.md has promises, each with a proof', () => {
  expect(rows.length).toBeGreaterThan(10);
  for (const [, number, , proofs = ''] of rows) expect(proofs, `row ${number}`).toMatch(/\]\(/);
});

test.each(
  rows.flatMap(([, number = '', , proofs = '']) =>
    [...proofs.matchAll(/\]\(([^)]+)\) "([^"]+)"/g)].map(([, file = '', name = '']) => ({ number, file, name })),
  ),
)('promise $number is proven in $file by "$name"', async ({ file, name }) => {
  const target = path.join(docs, file);
  expect(existsSync(target), `${file} is not there`).toBe(true);
  expect(await readFile(target, 'utf8')).toContain(name);
});
