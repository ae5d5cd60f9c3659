import type { RunCapture } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Recording } from '@tenon/runtime/recording';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { compileProject } from '../../compile/compile-project.ts';
import { loadProject } from '../../project/load-project.ts';
import { openReplays } from '../../replay/open-replays.ts';
import { saveRecording } from '../../recordings/save-recording.ts';
import { toDraft } from '../../recordings/to-draft.ts';

export interface RunsPullFlags extends TargetFlags {
  readonly name?: string;
  readonly redactEmails?: boolean;
  readonly allowSecret?: readonly string[];
  readonly replace?: boolean;
}

/** Whether a run that failed on the server fails here as well, and in which words. */
interface Reproduction {
  readonly isReproduced: boolean;
  readonly text: string;
}

/**
 * Writes what a failed run met as a recording with a test, as `tenon record` does, and replays it once with the code of
 * the project.
 * @throws TenonError `capture_missing` with the reason, and as `tenon record`; nothing is written then
 */
export async function runRunsPull(context: CommandContext, id: string, flags: RunsPullFlags): Promise<void> {
  const { cwd, output, signal } = context;
  const project = await loadProject(cwd);
  const capture = await withServer(context, flags, (server) => server.getCapture(id, { signal }));
  const draft = toDraft(capture);
  const compiled = await compileProject(project, { signal });
  const replays = await openReplays(project, compiled);
  let reproduction: Reproduction | undefined;
  const saved = await saveRecording(project, draft, {
    name: flags.name ?? `run-${id.slice(-8)}`,
    async replay(recording) {
      try {
        const replayed = await replays.adopt(recording, { signal });
        reproduction = compareEnds(capture, replayed);
        return replayed;
      } catch (error) {
        if (!(error instanceof TenonError) || !error.code.startsWith('replay_')) throw error;
        // Kept with the end that the server saw: the code here takes another way, and the test says so.
        reproduction = { isReproduced: false, text: `does not reproduce: ${error.message}` };
        const { code, message } = capture.error ?? { code: 'partitions_failed', message: 'Partitions failed.' };
        return { ...recording, outcome: { error: { code, message } } };
      }
    },
    signal,
    allowedSecrets: flags.allowSecret ?? [],
    redactEmails: flags.redactEmails === true,
    replace: flags.replace === true,
  });
  const { isReproduced = false, text = 'does not reproduce' } = reproduction ?? {};
  const { colors } = output;
  const { integration, name } = capture.function;
  output.line(`${colors.green('✓')} ${saved.file}  ${saved.recording.exchanges.length} requests`);
  if (saved.isTestNew) output.line(`${colors.green('✓')} ${saved.testFile}  a test of it, yours from now on`);
  output.line(isReproduced ? colors.green(text) : colors.yellow(text));
  output.note(
    isReproduced
      ? `The recording expects this failure. Fix ${integration}/${name}: \`tenon test\` then says that it succeeded, and \`tenon test --update\` makes what comes of it what the recording expects.`
      : `The run executed version ${capture.version}; the code here may differ (\`tenon plan\`), or the failure came from elsewhere (\`tenon logs --run ${id}\`).`,
  );
  output.note('Read the recording before you commit it: it holds data of the account.');
  output.result({
    file: saved.file,
    test: saved.testFile,
    isTestNew: saved.isTestNew,
    reproduced: isReproduced,
    explanation: text,
    serverError: capture.error ?? null,
    localError: saved.recording.outcome.error ?? null,
  });
}

function compareEnds({ error, status }: RunCapture, { outcome }: Recording): Reproduction {
  if (error === undefined) {
    const failed = Object.keys(outcome.failedPartitions ?? {});
    return failed.length > 0
      ? { isReproduced: true, text: `reproduced: the same partitions fail (${failed.join(', ')})` }
      : { isReproduced: false, text: `does not reproduce: the run was ${status}, and here no partition fails` };
  }
  const here = outcome.error;
  if (!here) {
    return { isReproduced: false, text: `does not reproduce: here it succeeds (the run failed with ${error.code})` };
  }
  if (here.code !== error.code) {
    return { isReproduced: false, text: `does not reproduce: here it fails with ${here.code}, not with ${error.code}` };
  }
  return here.message === error.message
    ? { isReproduced: true, text: `reproduced: same error (${error.code}: ${error.message})` }
    : { isReproduced: true, text: `reproduced: same error (${error.code}), in other words: ${here.message}` };
}
