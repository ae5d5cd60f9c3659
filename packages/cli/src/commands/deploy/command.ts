import { Option } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import { collect } from '../collect.ts';
import type { DeployFlags } from './run-deploy.ts';

export const configureDeploy: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('-y, --yes', 'deploy without asking')
    .option('-m, --message <text>', 'what this deployment is for')
    .option('--external-id <id>', 'your own name of it, such as the commit: the same again deploys nothing twice')
    .option('--plan <file>', 'deploy exactly what `tenon plan --out` saved')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'markdown']).default('text'))
    .option('--allow-destructive', 'deploy also what removes records or connections')
    .option('--ttl <time>', 'of a preview: how long it lives from now on, 1h to 90d (default: 3d)')
    .option('--allow-writes', 'of a preview: let its scripts change things at providers')
    .option('--no-allow-writes', 'of a preview: block such requests again')
    .option('--borrow <connection>', "of a preview: use the environment's connection, such as github/user1", collect)
    .action(async (flags: DeployFlags) => {
      const { runDeploy } = await import('./run-deploy.ts');
      await runDeploy(await getContext(), flags);
    });
};
