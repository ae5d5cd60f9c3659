import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { checkTypes, type TypeCheck } from '../../compile/check-types.ts';
import { compileProject } from '../../compile/compile-project.ts';
import type { CompiledProject } from '../../compile/compiled-project.ts';
import { printDiagnostics, printProblems } from '../../compile/print-findings.ts';
import { loadProject } from '../../project/load-project.ts';
import type { ProjectProblem } from '../../project/project-problem.ts';
import type { Project } from '../../project/project.ts';

/**
 * Checks types and definitions at the same time and shows everything that is wrong with either.
 * @throws TenonError `types_failed`, or the code of the first problem of the definitions
 */
export async function runCheck({ cwd, output, signal }: CommandContext): Promise<void> {
  const started = performance.now();
  const progress = output.progress('checking');
  try {
    const project = await loadProject(cwd);
    signal.throwIfAborted();
    const [types, compiled] = await Promise.allSettled([
      checkTypes(project, { signal }),
      compileProject(project, { signal }),
    ]);
    signal.throwIfAborted();
    progress.stop();
    const findings = collectFindings(types, compiled);
    if (findings !== undefined) {
      await printDiagnostics(findings.diagnostics, { root: project.root, output });
      // A list of one is the error itself, and is printed as such.
      if (findings.error.code === 'types_failed' || findings.problems.length > 1)
        printProblems(findings.problems, output);
      throw findings.error;
    }
    if (types.status === 'fulfilled' && compiled.status === 'fulfilled') {
      report({ project, types: types.value, compiled: compiled.value, totalMs: performance.now() - started }, output);
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

/** The problems have been printed one by one already. */
function summarise(failure: TenonError, problems: readonly ProjectProblem[]): TenonError {
  return new TenonError(failure.code, `${problems.length} problems in the project's scripts.`, {
    hint: 'Correct what is listed above, then run `tenon check` again.',
    details: { problems },
  });
}

function report(
  checked: { project: Project; types: TypeCheck; compiled: CompiledProject; totalMs: number },
  output: CommandContext['output'],
): void {
  const { types, compiled, totalMs } = checked;
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
    timings: { ...compiled.timings, typesMs: types.durationMs, totalMs },
  });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)}s`;
}
