import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../command-context.ts';

/**
 * Asks before something that cannot be undone.
 * @throws TenonError `input_needed` where nobody can be asked; `interrupted` when the answer is no
 */
export async function confirmOrStop(context: CommandContext, message: string): Promise<void> {
  if (!context.isInteractive) {
    throw new TenonError('input_needed', 'This has to be confirmed, and there is no terminal to ask on.', {
      hint: 'Pass --yes.',
    });
  }
  const { confirm } = await import('@inquirer/prompts');
  if (await confirm({ message, default: false }, { signal: context.signal })) return;
  throw new TenonError('interrupted', 'Nothing was changed.');
}
