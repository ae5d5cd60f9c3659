import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { VersionsFlags } from './run-versions.ts';

export const configureVersions: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.command('list', { isDefault: true }).description('list the versions, the newest first'))
    .option('--limit <count>', 'how many to show', parseCount, 20)
    .option('--external-id <id>', 'only the one that was deployed under it')
    .action(async (flags: VersionsFlags) => {
      const { runVersions } = await import('./run-versions.ts');
      await runVersions(await getContext(), flags);
    });

  addTargetOptions(
    command
      .command('show')
      .description('show one version with its functions')
      .argument('<version>', 'its number', parseCount),
  ).action(async (version: number, flags: TargetFlags) => {
    const { runVersionsShow } = await import('./run-versions-show.ts');
    await runVersionsShow(await getContext(), { ...flags, version });
  });

  addTargetOptions(
    command
      .command('diff')
      .description('show what lies between two versions')
      .argument('<from>', 'number of a version', parseCount)
      .argument('<to>', 'number of a version', parseCount),
  ).action(async (from: number, to: number, flags: TargetFlags) => {
    const { runVersionsDiff } = await import('./run-versions-diff.ts');
    await runVersionsDiff(await getContext(), { ...flags, from, to });
  });
};
