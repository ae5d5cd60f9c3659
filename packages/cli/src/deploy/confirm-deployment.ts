import type { Plan } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../command-context.ts';
import { nameOfChange } from './name-of-change.ts';
import { summarizePlan } from './print-plan.ts';

export interface ConfirmFlags {
  readonly yes?: boolean;
  readonly allowDestructive?: boolean;
}

/**
 * Asks whether what the plan says is meant.
 * @throws TenonError `destructive_refused`, before the question, so that nobody confirms what the server then refuses;
 *   `input_needed` without a terminal; `interrupted` when the answer is no
 */
export async function confirmDeployment(
  context: Pick<CommandContext, 'isInteractive' | 'signal'>,
  { plan, url, flags }: { plan: Plan; url: string; flags: ConfirmFlags },
): Promise<void> {
  const destructive = plan.changes.filter((change) => change.class === 'destructive');
  if (destructive.length > 0 && flags.allowDestructive !== true) {
    const names = destructive.map(nameOfChange).join(', ');
    throw new TenonError('destructive_refused', `Deploying this would remove data: ${names}.`, {
      hint: 'Pass --allow-destructive if that is what you want.',
      details: { plan },
    });
  }
  if (flags.yes === true) return;
  if (!context.isInteractive) {
    throw new TenonError('input_needed', 'A deployment has to be confirmed, and there is no terminal to ask on.', {
      hint: 'Pass --yes.',
      details: { plan },
    });
  }
  const { confirm } = await import('@inquirer/prompts');
  const message = `Deploy to ${url}? (${summarizePlan(plan)})`;
  if (!(await confirm({ message, default: false }, { signal: context.signal }))) {
    throw new TenonError('interrupted', 'Nothing was deployed.');
  }
}
