import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { VersionsFlags } from './run-versions.ts';

export const configureVersions: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--limit <count>', 'how many to show', parseCount, 20)
    .action(async (flags: VersionsFlags) => {
      const { runVersions } = await import('./run-versions.ts');
      await runVersions(await getContext(), flags);
    });
};
