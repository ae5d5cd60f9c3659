import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { checkTypes, type TypeCheck } from '../../compile/check-types.ts';
import { compileProject } from '../../compile/compile-project.ts';
import type { CompiledProject } from '../../compile/compiled-project.ts';
import { printDiagnostics, printProblems } from '../../compile/print-findings.ts';
import { loadProject } from '../../project/load-project.ts';
import { fixLints } from '../../lint/fix-lints.ts';
import { countFindings, createLintError } from '../../lint/lint-error.ts';
import type { LintReport } from '../../lint/lint-finding.ts';
import { lintProject } from '../../lint/lint-project.ts';
import { printLints } from '../../lint/print-lints.ts';
import type { ProjectProblem } from '../../project/project-problem.ts';
import type { Project } from '../../project/project.ts';

export interface CheckOptions {
  /** More warnings of the lints than this are an error. Default: any number is allowed. */
  readonly maxWarnings?: number;
  /** Mend what is certain first. */
  readonly fix?: boolean;
}

/**
 * Checks types, definitions and lints at the same time and shows everything that is wrong with any.
 * @throws TenonError `types_failed`, the code of the first problem of the definitions, or `lint_failed`
 */
export async function runCheck(
  { cwd, output, signal }: CommandContext,
  { maxWarnings = Infinity, fix = false }: CheckOptions = {},
): Promise<void> {
  const started = performance.now();
  const progress = output.progress('checking');
  try {
    const project = await loadProject(cwd);
    signal.throwIfAborted();
    // Before the rest is read, so that what is checked is what is left.
    const fixed = fix
      ? await fixLints((await lintProject(project, { signal })).fixes, { root: project.root, signal })
      : 0;
    const [types, compiled, linted] = await Promise.allSettled([
      checkTypes(project, { signal }),
      compileProject(project, { signal }),
      lintProject(project, { signal }),
    ]);
    signal.throwIfAborted();
    progress.stop();
    if (linted.status === 'rejected') throw linted.reason;
    const lints = linted.value;
    if (fixed > 0) output.line(`mended ${count(fixed, 'finding')}\n`);
    const findings = addLints(collectFindings(types, compiled), { lints, maxWarnings });
    await printLints(lints, { root: project.root, output });
    if (findings !== undefined) {
      await printDiagnostics(findings.diagnostics, { root: project.root, output, secrets: lints.secrets });
      // A list of one is the error itself, and is printed as such.
      if (findings.error.code === 'types_failed' || findings.problems.length > 1)
        printProblems(findings.problems, output);
      throw findings.error;
    }
    if (types.status === 'fulfilled' && compiled.status === 'fulfilled') {
      const totalMs = performance.now() - started;
      report({ project, types: types.value, compiled: compiled.value, lints, fixed, totalMs }, output);
    }
  } finally {
    progress.stop();
  }
}

interface Findings {
  readonly error: TenonError;
  readonly diagnostics: TypeCheck['diagnostics'];
  readonly problems: readonly ProjectProblem[];
}

function collectFindings(
  types: PromiseSettledResult<TypeCheck>,
  compiled: PromiseSettledResult<CompiledProject>,
): Findings | undefined {
  if (types.status === 'rejected') throw types.reason;
  const { diagnostics } = types.value;
  const failure: unknown = compiled.status === 'rejected' ? compiled.reason : undefined;
  if (failure !== undefined && !(failure instanceof TenonError)) throw failure;
  const listed = failure?.details?.['problems'];
  const problems = (Array.isArray(listed) ? (listed as ProjectProblem[]) : []).filter(
    // A syntax error is found by the type checker and by the bundler; once is enough.
    (problem) => !diagnostics.some((item) => item.file === problem.file && item.line === problem.line),
  );
  if (diagnostics.length === 0) {
    if (failure === undefined) return undefined;
    return { error: problems.length > 1 ? summarise(failure, problems) : failure, diagnostics, problems };
  }
  const files = new Set(diagnostics.map((item) => item.file)).size;
  const message = `${count(diagnostics.length, 'type error')} in ${count(files, 'file')}.`;
  const error = new TenonError('types_failed', message, {
    hint: 'Correct what is listed above, then run `tenon check` again.',
    details: { diagnostics, problems },
  });
  return { error, diagnostics, problems };
}

/** What the lints found goes with what else is wrong, or is the error itself where it is too much. */
function addLints(
  findings: Findings | undefined,
  { lints, maxWarnings }: { lints: LintReport; maxWarnings: number },
): Findings | undefined {
  const found = lints.findings;
  if (findings !== undefined) {
    if (found.length === 0) return findings;
    const { code, message, hint, details } = findings.error;
    const error = new TenonError(code, message, {
      ...(hint !== undefined && { hint }),
      details: { ...details, findings: found },
    });
    return { ...findings, error };
  }
  const warnings = found.filter(({ severity }) => severity === 'warning').length;
  if (warnings === found.length && warnings <= maxWarnings) return undefined;
  const isOnlyWarnings = warnings === found.length;
  const hint = `${isOnlyWarnings ? `No more than ${maxWarnings} are allowed. ` : ''}Correct what is listed above, or silence it with a reason (docs/lints.md).`;
  return { error: createLintError(found, { hint, withPlaces: false }), diagnostics: [], problems: [] };
}

/** The problems have been printed one by one already. */
function summarise(failure: TenonError, problems: readonly ProjectProblem[]): TenonError {
  return new TenonError(failure.code, `${problems.length} problems in the project's scripts.`, {
    hint: 'Correct what is listed above, then run `tenon check` again.',
    details: { problems },
  });
}

function report(
  checked: {
    project: Project;
    types: TypeCheck;
    compiled: CompiledProject;
    lints: LintReport;
    fixed: number;
    totalMs: number;
  },
  output: CommandContext['output'],
): void {
  const { types, compiled, lints, fixed, totalMs } = checked;
  const { functions } = compiled.manifest;
  const syncs = functions.filter((item) => item.kind === 'sync').length;
  const kilobytes = [...compiled.bundles.values()].reduce((sum, code) => sum + Buffer.byteLength(code), 0) / 1_000;
  const lines: ReadonlyArray<readonly [string, string, number]> = [
    ['types', count(functions.length, 'script'), types.durationMs],
    ['bundles', `${compiled.bundles.size}, ${kilobytes.toFixed(0)} kB`, compiled.timings.bundleMs],
    [
      'definitions',
      `${count(syncs, 'sync')}, ${count(functions.length - syncs, 'action')}`,
      compiled.timings.definitionsMs,
    ],
    [
      'lints',
      lints.findings.length === 0 ? count(lints.files, 'file') : countFindings(lints.findings),
      lints.durationMs,
    ],
  ];
  for (const [phase, what, ms] of lines) {
    output.line(`${output.colors.green('ok')}  ${phase.padEnd(12)} ${what.padEnd(24)} ${formatSeconds(ms)}`);
  }
  output.line(output.colors.dim(`checked in ${formatSeconds(totalMs)}`));
  output.result({
    ok: true,
    functions: functions.map(({ kind, integration, name, source, bundle }) => ({
      kind,
      integration,
      name,
      source,
      bundle,
    })),
    findings: lints.findings,
    ...(fixed > 0 && { fixed }),
    timings: { ...compiled.timings, typesMs: types.durationMs, lintsMs: lints.durationMs, totalMs },
  });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)}s`;
}
