import { Argument } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';
import { shells, type Shell } from './shells.ts';

export const configureCompletion: ConfigureCommand = (command, getContext) => {
  command
    .addArgument(new Argument('<shell>', 'the shell that you use').choices(shells))
    .action(async (shell: Shell) => {
      const { runCompletion } = await import('./run-completion.ts');
      runCompletion(await getContext(), shell);
    });

  // What the scripts call at each press of the key.
  command
    .command('suggest', { hidden: true })
    .description('print what could come next, for the scripts of the shells')
    .argument('[words...]', 'what is typed after tenon; the last one is not finished')
    .action(async (words: string[]) => {
      const { runCompletionSuggest } = await import('./run-completion-suggest.ts');
      await runCompletionSuggest(getContext, words);
    });
};
