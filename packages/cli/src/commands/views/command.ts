import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';

export const configureViews: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command).action(async (flags: TargetFlags) => {
    const { runViews } = await import('./run-views.ts');
    await runViews(await getContext(), flags);
  });
};
