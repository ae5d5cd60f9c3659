import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { hideQuotedSecrets } from '../lint/hide-quoted-secrets.ts';
import type { Project } from '../project/project.ts';
import { findTypeChecker } from './find-type-checker.ts';
import { parseDiagnostics, type TypeDiagnostic } from './parse-diagnostics.ts';
import { runTypeChecker } from './run-type-checker.ts';

/** What the compiler learned the last time; from the project's root. */
const buildInfo = '.tenon/types.tsbuildinfo';

export interface TypeCheck {
  /** Empty: everything is right. */
  readonly diagnostics: readonly TypeDiagnostic[];
  readonly durationMs: number;
}

/**
 * Checks the types of a project with TypeScript 7's native compiler and the project's own tsconfig.json. Incremental:
 * what it learned is kept in .tenon/types.tsbuildinfo.
 * @throws TenonError `types_failed` when there is no tsconfig.json, when it leaves scripts out, or when the compiler
 *   does not run; the signal's reason when it is aborted. Type errors are not thrown, but returned, with the secrets
 *   covered that they quote.
 */
export async function checkTypes(project: Project, options: { signal?: AbortSignal } = {}): Promise<TypeCheck> {
  if (!existsSync(join(project.root, 'tsconfig.json'))) {
    throw new TenonError('types_failed', `There is no tsconfig.json in ${project.root}.`, {
      hint: 'Run `tenon init` again: it adds what is missing and leaves the rest as it is.',
    });
  }
  const started = performance.now();
  const executable = await findTypeChecker();
  const text = await runTypeChecker(executable, {
    cwd: project.root,
    arguments:
      `--project tsconfig.json --noEmit --pretty false --listFiles --incremental --tsBuildInfoFile ${buildInfo}`.split(
        ' ',
      ),
    ...(options.signal && { signal: options.signal }),
  });
  const { diagnostics, rest } = parseDiagnostics(text);
  if (diagnostics.length === 0) requireScripts(project, rest);
  const shown = await hideQuotedSecrets(diagnostics, project.root);
  return { diagnostics: shown, durationMs: performance.now() - started };
}

/** A tsconfig.json that does not include a script would let its type errors pass unseen. */
function requireScripts(project: Project, listedFiles: readonly string[]): void {
  const seen = new Set(listedFiles.map((line) => toSource(project.root, line)));
  const own = project.hooks.filter((hooks) => hooks.root === project.root);
  const missed = [...project.scripts, ...own].map(({ source }) => source).filter((source) => !seen.has(source));
  if (missed.length === 0) return;
  const shown = missed.length > 5 ? [...missed.slice(0, 5), `and ${missed.length - 5} more`] : missed;
  throw new TenonError('types_failed', `tsconfig.json leaves out ${shown.join(', ')}.`, {
    hint: `Add ${[...new Set(missed.map((source) => `"${source.split('/')[0]}"`))].join(' and ')} to its "include".`,
    details: { missed },
  });
}

function toSource(root: string, line: string): string {
  return relative(root, resolve(root, line)).replaceAll(sep, '/');
}
