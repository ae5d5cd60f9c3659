import { Option } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import type { PlanFlags } from './run-plan.ts';

export const configurePlan: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--out <file>', 'save the plan, for `tenon deploy --plan`')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'markdown']).default('text'))
    .action(async (flags: PlanFlags) => {
      const { runPlan } = await import('./run-plan.ts');
      await runPlan(await getContext(), flags);
    });
};
