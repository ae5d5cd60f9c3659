import { TenonError, type ErrorCode } from '@tenon/runtime/errors';

/** One thing that is wrong with a project. All that are found are shown at once. */
export interface ProjectProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** Path from the project's root with forward slashes. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** `integrations/github/syncs/issues.ts:12`, or as much of it as is known. */
export function formatPlace(problem: Pick<ProjectProblem, 'file' | 'line'>): string {
  if (problem.file === undefined) return '';
  return problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
}

/**
 * Makes the one error of a list of problems; its code is the first one's.
 * `details.problems` holds all of them.
 */
export function createProblemsError(problems: readonly [ProjectProblem, ...ProjectProblem[]]): TenonError {
  const [first] = problems;
  const lines = problems.map((problem) => {
    const place = formatPlace(problem);
    return place === '' ? problem.message : `${place}  ${problem.message}`;
  });
  if (problems.length === 1) {
    return new TenonError(first.code, lines.join(''), {
      ...(first.hint !== undefined && { hint: first.hint }),
      details: { problems },
    });
  }
  const hints = [...new Set(problems.flatMap((problem) => problem.hint ?? []))];
  return new TenonError(first.code, [`${problems.length} problems in the project:`, ...lines].join('\n  '), {
    ...(hints.length > 0 && { hint: hints.join('\n      ') }),
    details: { problems },
  });
}

/** Throws when there is any problem. */
export function throwProblems(problems: readonly ProjectProblem[]): void {
  const [first, ...rest] = problems;
  if (first !== undefined) throw createProblemsError([first, ...rest]);
}
