import type { z } from 'zod';

const shownIssues = 5;

export interface DescribedIssues {
  /** Such as `author.email: Invalid input: expected string, received number`, joined by `; `. */
  readonly text: string;
  /** Path of the first, dot-separated; empty: the value itself. */
  readonly path: string;
  readonly problems: ReadonlyArray<{ path: string; expected: string }>;
}

/** What zod found, in one line and as data. Holds no values: they may be the customer's. */
export function describeIssues(error: z.ZodError): DescribedIssues {
  const problems = error.issues
    .slice(0, shownIssues)
    .map((issue) => ({ path: issue.path.map(String).join('.'), expected: issue.message }));
  const lines = problems.map(({ path, expected }) => (path === '' ? expected : `${path}: ${expected}`));
  const more = error.issues.length - problems.length;
  return {
    text: lines.join('; ') + (more > 0 ? `; and ${more} more` : ''),
    path: problems[0]?.path ?? '',
    problems,
  };
}
