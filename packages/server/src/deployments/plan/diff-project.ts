import type { Manifest } from '@tenon/runtime/contract';
import type { DiffedChange } from './finding.ts';

/** What differs in what holds for the whole project. */
export function diffProject(before: Manifest, after: Manifest): DiffedChange[] {
  if (before.concurrency === after.concurrency) return [];
  const reasons = [`concurrency ${before.concurrency ?? 'any'} -> ${after.concurrency ?? 'any'}`];
  return [{ action: 'update', kind: 'project', integration: 'project', name: 'project', class: 'safe', reasons }];
}
