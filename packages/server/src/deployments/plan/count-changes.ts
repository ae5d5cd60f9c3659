import type { Deployment } from '@tenon/runtime/contract';
import type { DiffedChange } from './finding.ts';

/** How many things come, change, go and get another name. */
export function countChanges(changes: readonly DiffedChange[]): NonNullable<Deployment['changes']> {
  const count = (action: DiffedChange['action']) => changes.filter((change) => change.action === action).length;
  return { created: count('create'), updated: count('update'), deleted: count('delete'), renamed: count('rename') };
}
