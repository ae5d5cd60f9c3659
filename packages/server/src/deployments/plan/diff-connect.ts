import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '@tenon/runtime/contract';
import type { DiffedChange } from './finding.ts';

/** What differs in the hosted page. */
export function diffConnect(before: Manifest, after: Manifest): DiffedChange[] {
  const names = ['theme', 'allowedOrigins', 'languages'] as const;
  const reasons = names.filter((name) => !isDeepStrictEqual(before.connect[name], after.connect[name]));
  if (reasons.length === 0) return [];
  return [{ action: 'update', kind: 'connect', integration: 'connect', name: 'connect', class: 'safe', reasons }];
}
