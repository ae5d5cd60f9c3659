import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hideSecrets } from '../lint/hide-secrets.ts';
import type { SecretPlace } from '../lint/lint-finding.ts';
import { formatCodeFrame } from '../output/format-code-frame.ts';
import type { Output } from '../output/output.ts';
import { formatPlace, type ProjectProblem } from '../project/project-problem.ts';
import type { TypeDiagnostic } from './parse-diagnostics.ts';

/** More than these scroll away what matters; --json has all of them. */
const mostShown = 50;

/** Prints type errors, each with the lines that it is about. */
export async function printDiagnostics(
  diagnostics: readonly TypeDiagnostic[],
  { root, output, secrets = [] }: { root: string; output: Output; secrets?: readonly SecretPlace[] },
): Promise<void> {
  const { colors } = output;
  for (const item of diagnostics.slice(0, mostShown)) {
    const place = item.file === undefined ? '' : `${colors.cyan(`${item.file}:${item.line}:${item.column}`)}  `;
    output.line(`${place}${colors.red(item.code)} ${item.message}`);
    if (item.file !== undefined && item.line !== undefined) {
      const text = hideSecrets(await readFile(resolve(root, item.file), 'utf8'), { file: item.file, secrets });
      const frame = formatCodeFrame(text, {
        line: item.line,
        ...(item.column !== undefined && { column: item.column }),
        colors,
      });
      for (const line of frame) output.line(`  ${line}`);
    }
    output.line();
  }
  if (diagnostics.length > mostShown) output.line(`and ${diagnostics.length - mostShown} more`);
}

/** Prints problems of definitions and bundles, one a line with its hint below. */
export function printProblems(problems: readonly ProjectProblem[], output: Output): void {
  const { colors } = output;
  for (const problem of problems) {
    output.line([colors.cyan(formatPlace(problem)), problem.message].filter((part) => part !== '').join('  '));
    if (problem.hint !== undefined) output.line(`  ${colors.dim(problem.hint)}`);
  }
  if (problems.length > 0) output.line();
}
