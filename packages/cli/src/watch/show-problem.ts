import { TenonError } from '@tenon/runtime/errors';
import type { ProjectProblem } from '../project/project-problem.ts';
import type { Output } from '../output/output.ts';
import { codeFrame, type Place } from './code-frame.ts';

/** What a small terminal shows at once, less the lines around. */
const screenLines = 20;

/** Of one message: compilers can go on for pages. */
const messageLines = 4;

export interface ProblemOptions {
  readonly root: string;
  /** What runs in spite of it, in words. */
  readonly note?: string | undefined;
  /** The version that runs in spite of it. */
  readonly runs?: number | undefined;
}

/** Shows an error in place of a change's line: what is wrong, where, and the lines around; the rest is counted. */
export async function showProblem(output: Output, error: unknown, { root, note, runs }: ProblemOptions): Promise<void> {
  const { colors } = output;
  const known = error instanceof TenonError ? error : undefined;
  output.event({
    type: 'problem',
    code: known?.code ?? 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    ...(runs !== undefined && { runs }),
    ...(known?.details && { details: known.details }),
  });
  const problems = readProblems(known);
  const shown: string[][] = [];
  let lines = 0;
  for (const problem of problems) {
    const block = await describeProblem(problem, { output, root });
    if (shown.length > 0 && lines + block.length > screenLines) break;
    shown.push(block);
    lines += block.length;
  }
  if (problems.length === 0) {
    shown.push(shorten(`${colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`));
  }
  for (const line of shown.flat()) output.line(line);
  const rest = problems.length - shown.length;
  if (rest > 0) output.line(`  and ${rest} more: ${colors.cyan('tenon check')} shows all`);
  if (known?.hint !== undefined && problems.every((problem) => problem.hint === undefined)) {
    output.line(`  ${colors.cyan('hint')} ${known.hint}`);
  }
  if (note !== undefined) output.line(`  ${colors.dim(note)}`);
}

async function describeProblem(
  problem: ReturnType<typeof readProblems>[number],
  { output, root }: { output: Output; root: string },
): Promise<string[]> {
  const { colors, width } = output;
  return [
    ...shorten(`${colors.red('✗')} ${placeText(problem)}${problem.message}`),
    ...(await codeFrame(problem, { root, colors, width: width - 2 })).map((line) => `  ${line}`),
    ...(problem.hint === undefined ? [] : [`  ${colors.cyan('hint')} ${problem.hint}`]),
  ];
}

function shorten(message: string): string[] {
  const lines = message.split('\n');
  return lines.length <= messageLines ? lines : [...lines.slice(0, messageLines - 1), '  ...'];
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
