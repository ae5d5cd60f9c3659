import { logLevelSchema } from '@tenon/runtime/contract';
import { Option } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { LogsFlags } from './run-logs.ts';

export const configureLogs: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--run <id>', 'only of this run')
    .addOption(
      new Option('--level <level>', 'this level and the more severe ones; debug has every request')
        .choices(logLevelSchema.options)
        .default('info'),
    )
    .option('--limit <count>', 'how many at most', parseCount, 100)
    .option('-f, --follow', 'print entries as they come')
    .action(async (flags: LogsFlags) => {
      const { runLogs } = await import('./run-logs.ts');
      await runLogs(await getContext(), flags);
    });
};
