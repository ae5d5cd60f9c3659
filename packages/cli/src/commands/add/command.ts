import type { ConfigureCommand } from '../command-list.ts';

export const configureAdd: ConfigureCommand = (command, getContext) => {
  command
    .argument('<provider[/function]>', 'a provider such as github, or one of its functions such as github/issues')
    .action(async (wanted: string) => {
      const { runAdd } = await import('./run-add.ts');
      await runAdd(wanted, await getContext());
    });
};
