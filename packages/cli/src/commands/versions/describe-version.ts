import type { Deployment } from '@tenon/runtime/contract';

/** `+2 ~1 -1`; empty: it is not known, or nothing. */
export function describeChanges({ changes }: Pick<Deployment, 'changes'>): string {
  if (!changes) return '';
  const counts = { '+': changes.created, '~': changes.updated, '-': changes.deleted, '>': changes.renamed };
  return Object.entries(counts)
    .flatMap(([sign, count]) => (count === 0 ? [] : [`${sign}${count}`]))
    .join(' ');
}

/** `staging 12`, and the server where it is another one; empty: it was deployed here. */
export function describeSource({ source }: Pick<Deployment, 'source'>): string {
  if (!source) return '';
  const server = source.server === undefined ? '' : ` at ${source.server}`;
  return `${source.environment} ${source.version}${server}`;
}
