import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { PromoteFlags } from './run-promote.ts';

export const configurePromote: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.argument('[version]', 'of the other environment (default: its active one)', parseCount))
    .requiredOption('--from <name>', 'the environment of tenon.config.ts that has run it')
    .option('-y, --yes', 'deploy without asking')
    .option('-m, --message <text>', "what this deployment is for (default: the version's own message)")
    .option('--external-id <id>', "your own name of it (default: the version's own)")
    .option('--allow-destructive', 'deploy also what removes records or connections')
    .action(async (version: number | undefined, flags: PromoteFlags) => {
      const { runPromote } = await import('./run-promote.ts');
      await runPromote(await getContext(), { ...flags, version });
    });
};
