import { isDeepStrictEqual } from 'node:util';
import type { Manifest, PlannedChange } from '@tenon/runtime/contract';

/** What differs in the hosted page. */
export function diffConnect(before: Manifest, after: Manifest): PlannedChange[] {
  const names = ['theme', 'allowedOrigins', 'languages'] as const;
  const reasons = names.filter((name) => !isDeepStrictEqual(before.connect[name], after.connect[name]));
  if (reasons.length === 0) return [];
  return [{ action: 'update', kind: 'connect', integration: 'connect', name: 'connect', class: 'safe', reasons }];
}
