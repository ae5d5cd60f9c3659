import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { LocalRunFlags } from './run-local.ts';

export const configureRun: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.argument('<integration/function>', 'the sync or action, such as github/issues'))
    .option('-c, --connection <id>', 'for which connection')
    .option('-i, --input <json>', "an action's input: JSON, @file, or @- for stdin")
    .option('--local', 'run the code of this machine dry: nothing is written, nothing need be deployed')
    .option('--recording <file>', 'with --local: offline, against a recording')
    .option('--event <json>', 'with --local: an event for onWebhook: { headers, body }')
    .option('--cursor <cursor>', 'with --local: where a sync begins (default: where its last run ended)')
    .option('--from-start', 'with --local: a sync begins at the very beginning')
    .option('--limit-pages <count>', 'with --local: lists end after so many pages in all', parseCount)
    .action(async (name: string, flags: LocalRunFlags) => {
      if (flags.local === true) {
        const { runLocal } = await import('./run-local.ts');
        await runLocal(await getContext(), name, flags);
        return;
      }
      const { readServerFlags } = await import('./read-server-flags.ts');
      const { runRun } = await import('./run-run.ts');
      await runRun(await getContext(), name, readServerFlags(flags));
    });
};
