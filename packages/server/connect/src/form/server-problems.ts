import type { ConnectFailure } from '../api/connect-failure.ts';

export interface PlacedProblems {
  /** By `keyOf` of the field, or by `settings.<path>`. */
  readonly byField: Readonly<Record<string, string>>;
  /** Whether every problem found its field, so that the failure itself need not be shown. */
  readonly areComplete: boolean;
}

/**
 * Finds the fields that the server complains about. `details.problems` has a path each, from the request
 * (`body.values.apiKey`), from the credentials (`values.apiKey`, `username`) or from the connection (`config.region`,
 * `settings.repos.0`).
 * @param keys of the fields that are on the page
 */
export function placeProblems(
  failure: ConnectFailure,
  keys: readonly string[],
  wordProblem: (problem: { readonly expected: string | undefined }) => string,
): PlacedProblems {
  const problems = Array.isArray(failure.details['problems']) ? (failure.details['problems'] as unknown[]) : [];
  const byField: Record<string, string> = {};
  let misplaced = 0;
  for (const problem of problems) {
    const { path, message, expected } = (problem ?? {}) as Record<string, unknown>;
    const key = typeof path === 'string' ? findKey(path, keys) : undefined;
    const reason = typeof message === 'string' ? message : typeof expected === 'string' ? expected : undefined;
    if (key === undefined) misplaced += 1;
    else byField[key] ??= wordProblem({ expected: reason });
  }
  return { byField, areComplete: problems.length > 0 && misplaced === 0 };
}

const groups: Readonly<Record<string, string>> = { values: 'credential', config: 'config', settings: 'settings' };

function findKey(path: string, keys: readonly string[]): string | undefined {
  const segments = path.split('.');
  if (segments[0] === 'body') segments.shift();
  const [first = '', ...rest] = segments;
  const wanted = groups[first] === undefined ? `credential.${path}` : [groups[first], ...rest].join('.');
  // An entry of a list is shown with its list.
  return keys
    .filter((key) => wanted === key || wanted.startsWith(`${key}.`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}
