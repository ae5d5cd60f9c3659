import type { JSDocStructure } from 'ts-morph';
import { safeLines } from './schema/doc-text.ts';

/** A doc comment for ts-morph: on one line where it is one. */
export function docsOf(lines: readonly string[]): (Omit<JSDocStructure, 'kind'> & { description: string })[] {
  const safe = lines.flatMap(safeLines);
  if (safe.length === 0) return [];
  // A leading line break is ts-morph's sign for a comment of several lines.
  return [{ description: safe.length === 1 ? (safe[0] ?? '') : `\n${safe.join('\n')}` }];
}
