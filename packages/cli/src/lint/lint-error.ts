import { TenonError } from '@tenon/runtime/errors';
import type { LintFinding } from './lint-finding.ts';

const shownFindings = 10;

/** `2 lint errors, 1 warning`. */
export function countFindings(findings: readonly LintFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors > 0 ? [`${errors} lint error${errors === 1 ? '' : 's'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${errors > 0 ? '' : 'lint '}warning${warnings === 1 ? '' : 's'}`] : []),
  ];
  return parts.join(', ');
}

/** Makes the one error of what was found and is too much. */
export function createLintError(
  findings: readonly LintFinding[],
  { hint, withPlaces }: { hint: string; withPlaces: boolean },
): TenonError {
  const shown = withPlaces ? findings.slice(0, shownFindings) : [];
  const lines = shown.map(
    ({ file, line, column, message, rule }) => `\n  ${file}:${line}:${column}  ${message} (${rule})`,
  );
  const more = withPlaces ? findings.length - shown.length : 0;
  const end = lines.length === 0 ? '.' : `:${lines.join('')}${more > 0 ? `\n  and ${more} more` : ''}`;
  return new TenonError('lint_failed', `The project has ${countFindings(findings)}${end}`, {
    hint,
    details: { findings },
  });
}
