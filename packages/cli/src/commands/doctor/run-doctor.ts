import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { clock } from './checks/clock.ts';
import { embeddedPostgres } from './checks/embedded-postgres.ts';
import { nodeVersion } from './checks/node-version.ts';
import { packageManager } from './checks/package-manager.ts';
import { project } from './checks/project.ts';
import { projectRuntime } from './checks/project-runtime.ts';
import { server } from './checks/server.ts';
import { typeChecker } from './checks/type-checker.ts';
import type { CheckResult, DoctorCheck } from './doctor-check.ts';

/** From what everything needs to what only some commands need. */
const checks: readonly DoctorCheck[] = [
  nodeVersion,
  packageManager,
  project,
  projectRuntime,
  typeChecker,
  embeddedPostgres,
  server,
  clock,
];

/**
 * Looks at everything that commonly goes wrong and says how to put each right.
 * @throws TenonError `doctor_failed` when a check failed; warnings do not count
 */
export async function runDoctor(context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const results: Array<CheckResult & { name: string }> = [];
  for (const check of checks) {
    const progress = output.progress(check.name);
    try {
      results.push({ name: check.name, ...(await runOne(check, context)) });
    } finally {
      progress.stop();
    }
    signal.throwIfAborted();
    printResult(results.at(-1), output);
  }
  const failed = results.filter((result) => result.status === 'failed').length;
  if (failed > 0) {
    throw new TenonError('doctor_failed', `${failed} of ${results.length} checks failed.`, {
      hint: 'Do what is said below each failed check, then run `tenon doctor` again.',
      details: { checks: results },
    });
  }
  output.result({ ok: true, checks: results });
}

async function runOne(check: DoctorCheck, context: CommandContext): Promise<CheckResult> {
  try {
    return await check.run(context);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const fix = error instanceof TenonError ? error.hint : undefined;
    return { status: 'failed', found: error.message, ...(fix !== undefined && { fix }) };
  }
}

function printResult(
  result: (CheckResult & { name: string }) | undefined,
  { colors, line }: CommandContext['output'],
): void {
  if (result === undefined) return;
  const marks = { ok: colors.green('ok    '), warning: colors.yellow('warn  '), failed: colors.red('failed') };
  line(`${marks[result.status]}  ${result.name.padEnd(18)} ${result.found}`);
  if (result.fix !== undefined) line(`${' '.repeat(8)}${' '.repeat(18)} ${colors.dim(result.fix)}`);
}
