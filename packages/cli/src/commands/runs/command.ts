import { runStatusSchema } from '@tenon/runtime/contract';
import { Option } from 'commander';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import { parseRunId } from './parse-run-id.ts';
import type { RunsDiffFlags } from './run-runs-diff.ts';
import type { RunsListFlags } from './run-runs-list.ts';
import type { RunsPullFlags } from './run-runs-pull.ts';
import type { RunsUndoFlags } from './run-runs-undo.ts';

export const configureRuns: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.command('list', { isDefault: true }).description('list runs, the newest first'))
    .option('--integration <name>', 'only of this integration')
    .option('-c, --connection <id>', 'only of this connection')
    .option('--function <name>', 'only of this sync or action')
    .addOption(new Option('--status <status>', 'only with this status').choices(runStatusSchema.options))
    .option('--limit <count>', 'how many at most', parseCount, 20)
    .action(async (flags: RunsListFlags) => {
      const { runRunsList } = await import('./run-runs-list.ts');
      await runRunsList(await getContext(), flags);
    });

  addTargetOptions(
    command.command('show').description('show one run').argument('<id>', 'as `tenon runs list` shows it', parseRunId),
  ).action(async (id: string, flags: TargetFlags) => {
    const { runRunsShow } = await import('./run-runs-show.ts');
    await runRunsShow(await getContext(), id, flags);
  });

  addTargetOptions(
    command.command('cancel').description('stop a run').argument('<id>', 'as `tenon runs list` shows it', parseRunId),
  ).action(async (id: string, flags: TargetFlags) => {
    const { runRunsCancel } = await import('./run-runs-cancel.ts');
    await runRunsCancel(await getContext(), id, flags);
  });

  addTargetOptions(
    command
      .command('retry')
      .description('run a sync again that has ended, with the event or the range of that run')
      .argument('<id>', 'as `tenon runs list` shows it', parseRunId),
  ).action(async (id: string, flags: TargetFlags) => {
    const { runRunsRetry } = await import('./run-runs-retry.ts');
    await runRunsRetry(await getContext(), id, flags);
  });

  addTargetOptions(
    command
      .command('diff')
      .description('show what a run changed, or what differs between the ends of two runs of a sync')
      .argument('<id>', 'as `tenon runs list` shows it', parseRunId)
      .argument('[other]', 'the run to compare with', parseRunId),
  )
    .option('--limit <count>', 'how many records at most', parseCount, 100)
    .action(async (id: string, other: string | undefined, flags: RunsDiffFlags) => {
      const { runRunsDiff } = await import('./run-runs-diff.ts');
      await runRunsDiff(await getContext(), { id, other }, flags);
    });

  addTargetOptions(
    command
      .command('undo')
      .description('take back what a run changed in the records')
      .argument('<id>', 'as `tenon runs list` shows it', parseRunId),
  )
    .option('-y, --yes', 'do not ask')
    .action(async (id: string, flags: RunsUndoFlags) => {
      const { runRunsUndo } = await import('./run-runs-undo.ts');
      await runRunsUndo(await getContext(), id, flags);
    });

  addTargetOptions(
    command
      .command('pull')
      .description('write what a failed run met as a recording with a test, and replay it once')
      .argument('<id>', 'as `tenon runs list` shows it', parseRunId),
  )
    .option('-n, --name <name>', 'name of the recording (default: run- and the end of the id)')
    .option('--redact-emails', 'put made-up addresses in place of those of people')
    .option('--allow-secret <path...>', 'a JSON path whose value only looks like a secret')
    .option('--replace', 'write over a recording of this name')
    .action(async (id: string, flags: RunsPullFlags) => {
      const { runRunsPull } = await import('./run-runs-pull.ts');
      await runRunsPull(await getContext(), id, flags);
    });

  addTargetOptions(
    command
      .command('replay')
      .description('try a failed run once more on the server, from where it began; writes nothing')
      .argument('<id>', 'as `tenon runs list` shows it', parseRunId),
  ).action(async (id: string, flags: TargetFlags) => {
    const { runRunsReplay } = await import('./run-runs-replay.ts');
    await runRunsReplay(await getContext(), id, flags);
  });
};
