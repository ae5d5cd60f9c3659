import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { compileProject } from '../../compile/compile-project.ts';
import { loadProject } from '../../project/load-project.ts';
import { findRecordings, type FoundRecording } from '../../recordings/find-recordings.ts';
import { openReplays } from '../../replay/open-replays.ts';
import type { Replays } from '../../replay/replays.ts';
import { checkRecording, type CheckedRecording } from './check-recording.ts';

export interface TestFlags {
  readonly update?: boolean;
  readonly resumeEverywhere?: boolean;
  readonly passWithNone?: boolean;
}

/**
 * Replays the project's recordings offline and compares what comes of them with what they say.
 * @throws TenonError `test_failed` when one does not hold; `not_found` when there are none; what compiling throws
 */
export async function runTest(context: CommandContext, pattern: string | undefined, flags: TestFlags): Promise<void> {
  const { cwd, env, output, signal } = context;
  if (flags.update === true && env.isCi) {
    throw new TenonError('usage_invalid', '--update does not run in CI, where nobody would look at what it changes.', {
      hint: 'Run it on your machine and commit the recordings.',
    });
  }
  const started = performance.now();
  const project = await loadProject(cwd);
  const all = await findRecordings(project.root);
  const chosen = all.filter(({ functionName, name }) => `${functionName}/${name}`.includes(toPattern(pattern)));
  if (chosen.length === 0) return reportNone(context, { pattern, count: all.length, flags });
  const progress = output.progress('bundling');
  let replays: Replays;
  try {
    replays = await openReplays(project, await compileProject(project, { signal }));
  } finally {
    progress.stop();
  }
  const checked: CheckedRecording[] = [];
  for (const found of chosen) {
    signal.throwIfAborted();
    const result = await checkRecording(found, { replays, root: project.root, signal, ...pickFlags(flags) });
    print(output, result);
    checked.push(result);
  }
  summarise(context, checked, performance.now() - started);
}

function pickFlags({ update = false, resumeEverywhere = false }: TestFlags) {
  return { update, resumeEverywhere };
}

/** As people type paths: `tests/github/issues`, or with Windows' separators. */
function toPattern(pattern = ''): string {
  return pattern
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)?tests\//, '')
    .replace(/\.recording\.json$/, '');
}

function reportNone(
  { output }: CommandContext,
  { pattern, count, flags }: { pattern: string | undefined; count: number; flags: TestFlags },
): void {
  const message =
    count === 0
      ? 'The project has no recordings.'
      : `None of the ${count} recordings has "${pattern ?? ''}" in its name.`;
  const hint =
    count === 0
      ? 'Make one with `tenon record <integration>/<function> --connection <id>`.'
      : 'Patterns are part of <integration>/<function>/<name>.';
  if (flags.passWithNone !== true) {
    throw new TenonError('not_found', message, { hint: `${hint} (\`--pass-with-none\` succeeds without any.)` });
  }
  output.line(message);
  output.note(hint);
  output.result({ ok: true, passed: 0, updated: 0, failed: 0, tests: [] });
}

const marks = { passed: '✓', updated: '↻', failed: '✗' } as const;

function print(output: CommandContext['output'], { found, status, lines, durationMs, places }: CheckedRecording): void {
  const { colors } = output;
  const paint = { passed: colors.green, updated: colors.yellow, failed: colors.red }[status];
  const resumed = places === undefined ? '' : `  resumed at ${places} ${places === 1 ? 'page' : 'pages'}`;
  const time = colors.dim(`${(durationMs / 1_000).toFixed(2)}s`);
  output.line(`${paint(marks[status])} ${found.functionName}  ${found.name}${resumed}  ${time}`);
  for (const line of lines) output.line(`    ${line}`);
}

function summarise({ output }: CommandContext, checked: readonly CheckedRecording[], totalMs: number): void {
  const count = (status: CheckedRecording['status']): number => checked.filter((item) => item.status === status).length;
  const [passed, updated, failed] = [count('passed'), count('updated'), count('failed')];
  const parts = [
    `${passed} passed`,
    ...(updated > 0 ? [`${updated} updated`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  output.line();
  output.line(`${parts.join(', ')} in ${(totalMs / 1_000).toFixed(2)}s`);
  const tests = checked.map(toJson);
  if (failed === 0) {
    output.result({ ok: true, passed, updated, failed, tests });
    return;
  }
  throw new TenonError('test_failed', `${failed} of ${checked.length} recordings did not replay to what they say.`, {
    hint: 'Correct the script; or, if the change is wanted, run `tenon test --update` and look at the difference.',
    details: { passed, updated, failed, tests },
  });
}

function toJson({ found, status, durationMs, differences, error, findings, places }: CheckedRecording) {
  const { functionName, name, file }: FoundRecording = found;
  return {
    function: functionName,
    name,
    file,
    status,
    durationMs: Math.round(durationMs),
    ...(differences.length > 0 && { differences }),
    ...(error && { error: { code: error.code, message: error.message } }),
    ...(places !== undefined && { resumedAtPages: places }),
    ...(findings.length > 0 && { resume: findings }),
  };
}
