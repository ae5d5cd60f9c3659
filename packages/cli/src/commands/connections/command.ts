import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import { configureImport } from './configure-import.ts';
import type { ConnectionsListFlags } from './run-connections-list.ts';
import type { ConnectionsUpdateFlags } from './run-connections-update.ts';

export const configureConnections: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.command('list', { isDefault: true }).description('list connections'))
    .option('--integration <name>', 'only of this integration')
    .option('--problems', 'only those that something is wrong with')
    .action(async (flags: ConnectionsListFlags) => {
      const { runConnectionsList } = await import('./run-connections-list.ts');
      await runConnectionsList(await getContext(), flags);
    });

  const show = command.command('show').description('show one connection, never its credentials');
  addTargetOptions(show.argument('<integration/connection>', 'such as github/user1')).action(
    async (name: string, flags: TargetFlags) => {
      const { runConnectionsShow } = await import('./run-connections-show.ts');
      await runConnectionsShow(await getContext(), name, flags);
    },
  );

  const test = command.command('test').description("try a connection's credentials at the provider");
  addTargetOptions(test.argument('<integration/connection>', 'such as github/user1')).action(
    async (name: string, flags: TargetFlags) => {
      const { runConnectionsTest } = await import('./run-connections-test.ts');
      await runConnectionsTest(await getContext(), name, flags);
    },
  );

  const refresh = command.command('refresh').description('obtain a new token now');
  addTargetOptions(refresh.argument('<integration/connection>', 'such as github/user1')).action(
    async (name: string, flags: TargetFlags) => {
      const { runConnectionsRefresh } = await import('./run-connections-refresh.ts');
      await runConnectionsRefresh(await getContext(), name, flags);
    },
  );

  const update = command.command('update').description("replace a connection's settings or metadata");
  addTargetOptions(update.argument('<integration/connection>', 'such as github/user1'))
    .option('--settings <json>', 'all of them, as JSON or @file.json')
    .option('--metadata <json>', 'all of it, as JSON or @file.json')
    .action(async (name: string, flags: ConnectionsUpdateFlags) => {
      const { runConnectionsUpdate } = await import('./run-connections-update.ts');
      await runConnectionsUpdate(await getContext(), name, flags);
    });

  configureImport(command.command('import'), getContext);

  const remove = command.command('delete').description('disconnect an account: its credentials and records go');
  addTargetOptions(remove.argument('<integration/connection>', 'such as github/user1'))
    .option('-y, --yes', 'do it without asking')
    .action(async (name: string, flags: TargetFlags & { yes?: boolean }) => {
      const { runConnectionsDelete } = await import('./run-connections-delete.ts');
      await runConnectionsDelete(await getContext(), name, flags);
    });
};
