import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';

export const configureWhoami: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--all', 'list the profiles of `tenon login`, and ask no server')
    .action(async ({ all, ...flags }: TargetFlags & { all?: boolean }) => {
      if (all === true) {
        const { runWhoamiAll } = await import('./run-whoami-all.ts');
        await runWhoamiAll(await getContext());
        return;
      }
      const { runWhoami } = await import('./run-whoami.ts');
      await runWhoami(await getContext(), flags);
    });
};
