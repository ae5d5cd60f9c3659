import type { StoredRecord } from '@tenon/runtime/contract';

/** The records of a page of a snapshot. */
export function parseLines(page: string): StoredRecord[] {
  return page.split('\n').map((line) => JSON.parse(line) as StoredRecord);
}
