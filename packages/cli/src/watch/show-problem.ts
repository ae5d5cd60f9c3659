import { TenonError } from '@tenon/runtime/errors';
import type { ProjectProblem } from '../project/project-problem.ts';
import type { Output } from '../output/output.ts';
import { codeFrame, type Place } from './code-frame.ts';

/** As many as fit on one screen with their frames. */
const shownProblems = 3;

/** Shows an error in place of a change's line: what is wrong, where, and the lines around. */
export function showProblem(output: Output, error: unknown, root: string): void {
  const { colors } = output;
  const known = error instanceof TenonError ? error : undefined;
  output.event({
    type: 'problem',
    code: known?.code ?? 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    ...(known?.details && { details: known.details }),
  });
  const problems = readProblems(known);
  if (problems.length === 0) {
    output.line(`${colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const problem of problems.slice(0, shownProblems)) {
    output.line(`${colors.red('✗')} ${placeText(problem)}${problem.message}`);
    for (const line of codeFrame(problem, { root, colors })) output.line(`  ${line}`);
    if (problem.hint !== undefined) output.line(`  ${colors.cyan('hint')} ${problem.hint}`);
  }
  if (problems.length > shownProblems) output.line(`  and ${problems.length - shownProblems} more`);
  if (known?.hint !== undefined && problems.every((problem) => problem.hint === undefined)) {
    output.line(`  ${colors.cyan('hint')} ${known.hint}`);
  }
}

function placeText(place: Place): string {
  if (place.file === undefined) return '';
  const line = place.line === undefined ? '' : `:${place.line}`;
  const column = place.line === undefined || place.column === undefined ? '' : `:${place.column}`;
  return `${place.file}${line}${column}  `;
}

function readProblems(
  error: TenonError | undefined,
): Pick<ProjectProblem, 'message' | 'hint' | 'file' | 'line' | 'column'>[] {
  const problems = error?.details?.['problems'] ?? error?.details?.['diagnostics'];
  return Array.isArray(problems) ? (problems as ProjectProblem[]) : [];
}
