import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import type { RunFlags } from './run-run.ts';

export const configureRun: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.argument('<integration/function>', 'the sync or action, such as github/issues'))
    .requiredOption('-c, --connection <id>', 'for which connection')
    .option('-i, --input <json>', "an action's input: JSON, @file, or @- for stdin")
    .action(async (name: string, flags: RunFlags) => {
      const { runRun } = await import('./run-run.ts');
      await runRun(await getContext(), name, flags);
    });
};
