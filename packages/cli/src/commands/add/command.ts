import type { ConfigureCommand } from '../command-list.ts';
import type { AddFlags } from './run-add.ts';

export const configureAdd: ConfigureCommand = (command, getContext) => {
  command
    .argument('[provider[/function]...]', 'providers such as github, or functions of them such as github/issues')
    .option('--list [words]', 'list the providers that there are, or those that match')
    .option('--eject', 'copy the provider to providers/<name>.yaml, to change it')
    .action(async (wanted: readonly string[], { list, ...flags }: AddFlags & { list?: string | true }) => {
      if (list !== undefined) {
        const { runProviders } = await import('../providers/run-providers.ts');
        await runProviders(await getContext(), { words: list === true ? wanted.join(' ') || undefined : list });
        return;
      }
      const { runAdd } = await import('./run-add.ts');
      await runAdd(wanted, await getContext(), flags);
    });
};
