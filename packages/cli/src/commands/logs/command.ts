import { logKindSchema, logLevelSchema } from '@tenon/runtime/contract';
import { Option } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import { parseSince } from './parse-since.ts';
import type { LogsFlags } from './run-logs.ts';

export const configureLogs: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--run <id>', 'only of this run')
    .addOption(
      new Option('--level <level>', 'this level and the more severe ones; debug has every request')
        .choices(logLevelSchema.options)
        .default('info'),
    )
    .addOption(
      new Option(
        '--kind <kind>',
        'log: what scripts said, http: calls to providers, engine: what the server did',
      ).choices(logKindSchema.options),
    )
    .option('--search <words>', 'only with these words, in any order; each may be the beginning of one')
    .option('--integration <name>', 'only of this integration')
    .option('-c, --connection <id>', 'only of this connection')
    .option('--function <name>', 'only of this sync or action')
    .option('--since <time>', 'only after it: a duration back from now such as 2h, or an ISO 8601 time', parseSince)
    .option('--limit <count>', 'how many at most; with --follow, of those that are there already', parseCount, 100)
    .option('-f, --follow', 'print entries as they come, also after restarts of the server')
    .action(async (flags: LogsFlags) => {
      const { runLogs } = await import('./run-logs.ts');
      await runLogs(await getContext(), flags);
    });
};
