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
export function showProblem(output: Output, error: unknown, { root, note, runs }: ProblemOptions): void {
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
  const blocks = problems.map((problem) => describeProblem(problem, { output, root }));
  if (problems.length === 0) {
    blocks.push(shorten(`${colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`));
  }
  let shown = 0;
  let lines = 0;
  for (const block of blocks) {
    if (shown > 0 && lines + block.length > screenLines) break;
    for (const line of block) output.line(line);
    lines += block.length;
    shown += 1;
  }
  const rest = blocks.length - shown;
  if (rest > 0) output.line(`  and ${rest} more: ${colors.cyan('tenon check')} shows all`);
  if (known?.hint !== undefined && problems.every((problem) => problem.hint === undefined)) {
    output.line(`  ${colors.cyan('hint')} ${known.hint}`);
  }
  if (note !== undefined) output.line(`  ${colors.dim(note)}`);
}

function describeProblem(
  problem: ReturnType<typeof readProblems>[number],
  { output, root }: { output: Output; root: string },
): string[] {
  const { colors, width } = output;
  return [
    ...shorten(`${colors.red('✗')} ${placeText(problem)}${problem.message}`),
    ...codeFrame(problem, { root, colors, width: width - 2 }).map((line) => `  ${line}`),
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
