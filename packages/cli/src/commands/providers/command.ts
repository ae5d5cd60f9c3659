import type { ConfigureCommand } from '../command-list.ts';

export const configureProviders: ConfigureCommand = (command, getContext) => {
  command
    .argument('[words]', 'only those whose name, category or auth mode holds these words')
    .action(async (words: string | undefined) => {
      const { runProviders } = await import('./run-providers.ts');
      await runProviders(await getContext(), { words });
    });
};
