import { isAbsolute, relative, resolve } from 'node:path';
import type { DryRunResult } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { readRecording } from '@tenon/runtime/recording';
import type { CommandContext } from '../../command-context.ts';
import { compileProject } from '../../compile/compile-project.ts';
import { loadProject } from '../../project/load-project.ts';
import { callDryRun, findFunction, type DryRunFlags } from '../../recordings/call-dry-run.ts';
import { openReplays } from '../../replay/open-replays.ts';
import { printDryRun, type DryRunReport } from './print-dry-run.ts';
import { requireConnection } from './read-server-flags.ts';

export interface LocalRunFlags extends DryRunFlags {
  readonly connection?: string;
  readonly local?: boolean;
  readonly recording?: string;
}

/**
 * Runs the code of this machine and writes nothing: with a connection's credentials, in a worker of its server, or
 * offline against a recording.
 * @throws TenonError with the code that the run ended with; `usage_invalid`, `not_found`, what compiling throws
 */
export async function runLocal(context: CommandContext, name: string, flags: LocalRunFlags): Promise<void> {
  const { cwd, signal } = context;
  const project = await loadProject(cwd);
  const compiled = await compileProject(project, { signal });
  const script = findFunction(compiled, name);
  if (flags.recording === undefined) {
    const connection = requireConnection(flags.connection);
    const result = await callDryRun(context, { compiled, script, connection }, flags);
    return finish(context, name, toReport(result));
  }
  refuseBeside(flags);
  const file = resolve(cwd, flags.recording);
  const shown = relative(cwd, file);
  const recording = await readRecording(file, isAbsolute(shown) ? file : shown.replaceAll('\\', '/'));
  const { integration, name: recorded } = recording.function;
  if (`${integration}/${recorded}` !== name) {
    throw new TenonError('usage_invalid', `${flags.recording} is a recording of ${integration}/${recorded}.`, {
      hint: `Run \`tenon run ${integration}/${recorded} --local --recording ${flags.recording}\`.`,
    });
  }
  const replays = await openReplays(project, compiled);
  const { outcome, log, requests } = await replays.replay(recording, { signal });
  finish(context, name, {
    counts: undefined,
    outcome,
    logs: log.map(({ level, message, data }) => ({ level, message, data: data ?? null })),
    requests: requests.map(({ method, path, status, durationMs }) => ({ method, path, status, durationMs })),
  });
}

/** What a recording says already. */
function refuseBeside(flags: LocalRunFlags): void {
  const given = {
    connection: flags.connection,
    input: flags.input,
    event: flags.event,
    cursor: flags.cursor,
    'from-start': flags.fromStart,
    'limit-pages': flags.limitPages,
  };
  const [misplaced] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (misplaced === undefined) return;
  throw new TenonError('usage_invalid', `--${misplaced} does not go with --recording, which says it already.`);
}

function finish({ output }: CommandContext, name: string, report: DryRunReport): void {
  const { error } = report.outcome;
  printDryRun(output, name, report);
  if (error !== undefined) {
    throw new TenonError(error.code as TenonError['code'], error.message, {
      ...(error.hint !== undefined && { hint: error.hint }),
      details: { outcome: report.outcome, requests: report.requests, logs: report.logs },
    });
  }
  output.result({ function: name, ...report });
}

function toReport({ counts, outcome, logs, capture }: DryRunResult): DryRunReport {
  return {
    counts,
    outcome,
    logs: logs.filter(({ kind }) => kind !== 'http').map(({ level, message, data }) => ({ level, message, data })),
    requests: [
      ...(capture?.exchanges ?? []).map(({ request, response }) => ({
        method: request.method,
        path: request.path,
        status: response.status,
      })),
      ...(capture?.unanswered ?? []).map(({ method, path }) => ({ method, path })),
    ],
  };
}
