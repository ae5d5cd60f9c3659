import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';

export const configureWhoami: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command).action(async (flags: TargetFlags) => {
    const { runWhoami } = await import('./run-whoami.ts');
    await runWhoami(await getContext(), flags);
  });
};
