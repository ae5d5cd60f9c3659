import { TenonError } from '@tenon/runtime/errors';
import { findTarget } from '../../api-client/find-target.ts';
import type { Target, TargetFlags } from '../../api-client/resolve-target.ts';
import type { CommandContext } from '../../command-context.ts';
import { findProjectRoot } from '../../project/find-project-root.ts';
import { allChecks } from './all-checks.ts';
import type { CheckResult, DoctorCheck, DoctorContext } from './doctor-check.ts';

export interface DoctorFlags extends TargetFlags {
  readonly fix?: boolean;
}

interface NamedResult extends CheckResult {
  readonly name: string;
  readonly about: DoctorCheck['about'];
  /** What --fix did. */
  readonly repaired?: string;
}

const defaultTimeoutMs = 15_000;

/**
 * Looks at everything that commonly goes wrong, at once, and says how to put each right.
 * @throws TenonError `doctor_failed` when a check failed, `doctor_unreachable` when only those of the network did;
 * warnings do not count
 */
export async function runDoctor(
  context: CommandContext,
  flags: DoctorFlags = {},
  checks: readonly DoctorCheck[] = allChecks,
): Promise<void> {
  const { output, signal } = context;
  const { fix: isFixing = false, ...target } = flags;
  const doctor = createDoctorContext(context, target);
  const progress = output.progress(`${checks.length} checks`);
  let results: NamedResult[];
  try {
    results = await Promise.all(checks.map((check) => runOne(check, doctor)));
  } finally {
    progress.stop();
  }
  signal.throwIfAborted();
  if (isFixing) results = await Promise.all(results.map((result) => repair(result)));
  for (const result of results) print(result, output);
  const reports = results.map(({ repair: canRepair, ...result }) => ({ ...result, fixable: canRepair !== undefined }));
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length === 0) {
    output.result({ ok: true, checks: reports });
    return;
  }
  const isNetwork = failed.every(({ about }) => about === 'network');
  const canFix = !isFixing && failed.some((result) => result.repair !== undefined);
  throw new TenonError(
    isNetwork ? 'doctor_unreachable' : 'doctor_failed',
    `${failed.length} of ${results.length} checks failed.`,
    {
      hint: `Do what is said below each failed check${canFix ? ' (`tenon doctor --fix` does some of it)' : ''}, then run \`tenon doctor\` again.`,
      details: { checks: reports },
    },
  );
}

function createDoctorContext(context: CommandContext, flags: TargetFlags): DoctorContext {
  let found: Promise<Target | undefined> | undefined;
  return {
    ...context,
    flags,
    root: findRoot(context.cwd),
    // What is wrong is said once, by the check of the server.
    findTarget: () => (found ??= findTarget(context, flags).catch(() => undefined)),
  };
}

function findRoot(cwd: string): string | undefined {
  try {
    return findProjectRoot(cwd);
  } catch (error) {
    if (error instanceof TenonError && error.code === 'project_not_found') return undefined;
    throw error;
  }
}

async function runOne(check: DoctorCheck, context: DoctorContext): Promise<NamedResult> {
  const { name, about, timeoutMs = defaultTimeoutMs } = check;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, deadline]);
  const late = new Promise<CheckResult>((resolve) => {
    const end = () =>
      resolve({
        status: 'failed',
        found: `no answer within ${timeoutMs / 1_000} s`,
        fix: 'Run `tenon doctor` again; if it stays so, look at what this check needs.',
      });
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
  const work = (async () => check.run({ ...context, signal }))().catch((error: unknown) => explain(error, check));
  return { name, about, ...(await Promise.race([work, late])) };
}

function explain(error: unknown, { name, asksServer }: DoctorCheck): CheckResult {
  if (!(error instanceof Error)) throw error;
  if (asksServer && error instanceof TenonError) {
    if (error.code === 'server_unreachable') return { status: 'skipped', found: 'the server cannot be reached' };
    if (error.code === 'unauthorized' && name !== 'API key') return { status: 'skipped', found: 'the key is refused' };
  }
  const fix = error instanceof TenonError ? error.hint : undefined;
  return {
    status: 'failed',
    found: error.message,
    fix: fix ?? 'Run `tenon doctor --verbose`, and report it if it stays so.',
  };
}

async function repair(result: NamedResult): Promise<NamedResult> {
  if (result.repair === undefined) return result;
  const { repair: act, fix: _fix, ...rest } = result;
  try {
    return { ...rest, status: 'ok', repaired: await act() };
  } catch (error) {
    return { ...result, found: `${result.found}; it could not be put right: ${String(error)}` };
  }
}

function print(result: NamedResult, { colors, line }: CommandContext['output']): void {
  const marks = {
    ok: colors.green('ok    '),
    warning: colors.yellow('warn  '),
    failed: colors.red('failed'),
    skipped: colors.dim('-     '),
  };
  line(`${marks[result.status]}  ${result.name.padEnd(18)} ${result.repaired ?? result.found}`);
  if (result.repaired === undefined && result.fix !== undefined) line(`${' '.repeat(27)}${colors.dim(result.fix)}`);
}
