import { runStatusSchema } from '@tenon/runtime/contract';
import { Option } from 'commander';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import { parseRunId } from './parse-run-id.ts';
import type { RunsListFlags } from './run-runs-list.ts';

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
};
