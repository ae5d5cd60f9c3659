import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { Recording, RecordingDraft } from '@tenon/runtime/recording';
import type { CommandContext } from '../../command-context.ts';
import { compileProject } from '../../compile/compile-project.ts';
import { loadProject } from '../../project/load-project.ts';
import { callDryRun, findFunction, type DryRunFlags } from '../../recordings/call-dry-run.ts';
import { openReplays } from '../../replay/open-replays.ts';
import { toRecordingFile } from '../../recordings/recording-place.ts';
import { saveRecording } from '../../recordings/save-recording.ts';
import { toDraft } from '../../recordings/to-draft.ts';

export interface RecordFlags extends DryRunFlags {
  readonly connection: string;
  readonly name: string;
  readonly variable?: readonly string[];
  readonly redactEmails?: boolean;
  readonly allowSecret?: readonly string[];
  readonly replace?: boolean;
}

/**
 * Runs a function against the real provider and writes what it met as a recording, with a test for the first one.
 * @throws TenonError `recording_secret`, `recording_too_large`, `recording_invalid`, `file_exists`, `usage_invalid`,
 *   `replay_unmatched`, and what the server answers; nothing is written then
 */
export async function runRecord(context: CommandContext, name: string, flags: RecordFlags): Promise<void> {
  const { cwd, output, signal } = context;
  const variables = readVariables(flags.variable ?? []);
  const project = await loadProject(cwd);
  const compiled = await compileProject(project, { signal });
  const script = findFunction(compiled, name);
  const file = toRecordingFile(script, flags.name);
  // Before the provider is asked: an action may have an effect there.
  if (flags.replace !== true && existsSync(join(project.root, file))) {
    throw new TenonError('file_exists', `There is a recording ${file}.`, {
      hint: 'Give this one another `--name`, or write over it with `--replace`.',
    });
  }
  const result = await callDryRun(context, { compiled, script, connection: flags.connection }, flags);
  if (result.capture === null) {
    throw new TenonError('recording_invalid', 'The run ended before it could tell what it met.', {
      hint: result.outcome.error?.message ?? 'Try again.',
    });
  }
  const draft = toDraft(result.capture);
  const replays = await openReplays(project, compiled);
  const saved = await saveRecording(
    project,
    { ...draft, variables: { ...draft.variables, ...variables } },
    {
      name: flags.name,
      replay: (recording) => replays.adopt(recording, { signal }),
      signal,
      allowedSecrets: flags.allowSecret ?? [],
      redactEmails: flags.redactEmails === true,
      replace: flags.replace === true,
    },
  );
  report(output, saved);
}

/** @throws TenonError `usage_invalid` */
function readVariables(pairs: readonly string[]): RecordingDraft['variables'] & object {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new TenonError('usage_invalid', `--variable ${pair} has no value.`, {
        hint: 'Write --variable REGION=eu. It goes into the recording: no secrets.',
      });
    }),
  );
}

function report(output: CommandContext['output'], saved: Awaited<ReturnType<typeof saveRecording>>): void {
  const { recording, file, testFile, isTestNew } = saved;
  const { outcome, exchanges } = recording;
  const { colors } = output;
  output.line(`${colors.green('✓')} ${file}  ${describe(recording)}`);
  if (isTestNew) output.line(`${colors.green('✓')} ${testFile}  a test of it, yours from now on`);
  if (outcome.error) {
    output.note(`The run failed with ${outcome.error.code}, and that is what the recording expects.`);
    output.note(outcome.error.message);
  }
  output.note('Replay it offline with `tenon test`. Read it before you commit it: it holds data of the account.');
  output.result({
    file,
    test: testFile,
    isTestNew,
    exchanges: exchanges.length,
    records: count(outcome.records),
    deleted: count(outcome.deleted),
    error: outcome.error ?? null,
  });
}

function describe({ exchanges, outcome }: Recording): string {
  const models = Object.entries(count(outcome.records)).map(([model, records]) => `${records} ${model}`);
  return [`${exchanges.length} requests`, ...models].join(', ');
}

function count(byModel: Readonly<Record<string, readonly unknown[]>> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(byModel).map(([model, items]) => [model, items.length]));
}
