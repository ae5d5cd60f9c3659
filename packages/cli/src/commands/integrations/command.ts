import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import type { IntegrationsFlags } from './run-integrations-list.ts';

export const configureIntegrations: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.command('list', { isDefault: true }).description('list integrations and what they lack'))
    .option('--check', 'exit with 11 when anything is missing')
    .action(async (flags: IntegrationsFlags) => {
      const { runIntegrationsList } = await import('./run-integrations-list.ts');
      await runIntegrationsList(await getContext(), flags);
    });

  const show = command.command('show').description('show what an integration needs, and the commands that set it');
  addTargetOptions(show.argument('<integration>', 'such as github'))
    .option('--check', 'exit with 11 when anything is missing')
    .action(async (name: string, flags: IntegrationsFlags) => {
      const { runIntegrationsShow } = await import('./run-integrations-show.ts');
      await runIntegrationsShow(await getContext(), name, flags);
    });
};
