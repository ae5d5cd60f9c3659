import type { Connection } from '@tenon/runtime/contract';
import { formatSpan } from '../../output/format-span.ts';

/** `dies in 6 d unless refreshed`; undefined: as far as is known it does not end by itself. */
export function describeExpiry(
  { state, expiry }: Pick<Connection, 'state' | 'expiry'>,
  nowMs: number,
): string | undefined {
  if (expiry === null) return undefined;
  const leftMs = Date.parse(expiry.at) - nowMs;
  // What the provider has ended already is not going to end.
  if (leftMs > 0 && state === 'auth_failed') return undefined;
  return leftMs > 0 ? `dies in ${formatSpan(leftMs)} unless ${expiry.unless}` : `ended ${formatSpan(-leftMs)} ago`;
}

/** Who connected it, by the most telling name that is known. */
export function describeOwner({ endUser }: Pick<Connection, 'endUser'>): string | undefined {
  if (endUser === null) return undefined;
  const person = endUser.displayName ?? endUser.email ?? endUser.id;
  const { organization } = endUser;
  return organization ? `${person} (${organization.displayName ?? organization.id})` : person;
}

/** What is wrong, in a word or two: the class, and since how many failures. */
export function describeProblem({ problem }: Pick<Connection, 'problem'>): string | undefined {
  if (problem === null) return undefined;
  const name = problem.class.replace('_', ' ');
  return problem.failures > 1 ? `${name} (${problem.failures} times)` : name;
}
