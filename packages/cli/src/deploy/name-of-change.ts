import type { PlannedChange } from '@tenon/runtime/contract';

/** What a change is of, as people know it. */
export function nameOfChange(change: Pick<PlannedChange, 'kind' | 'integration' | 'name'>): string {
  if (change.kind === 'connect') return 'the connect page';
  if (change.kind === 'project') return 'the project';
  return change.kind === 'integration' ? change.name : `${change.integration}/${change.name}`;
}
