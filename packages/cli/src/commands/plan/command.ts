import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';

export const configurePlan: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command).action(async (flags: TargetFlags) => {
    const { runPlan } = await import('./run-plan.ts');
    await runPlan(await getContext(), flags);
  });
};
