import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { collect } from '../collect.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import type { EnvironmentsCreateFlags } from './run-environments-create.ts';

const named = 'such as pr-123';

export const configureEnvironments: ConfigureCommand = (command, getContext) => {
  addTargetOptions(
    command.command('list', { isDefault: true }).description('list the environment and its previews'),
  ).action(async (flags: TargetFlags) => {
    const { runEnvironmentsList } = await import('./run-environments-list.ts');
    await runEnvironmentsList(await getContext(), flags);
  });

  const show = command.command('show').description('show a preview, or the environment itself');
  addTargetOptions(show.argument('<name>', named)).action(async (name: string, flags: TargetFlags) => {
    const { runEnvironmentsShow } = await import('./run-environments-show.ts');
    await runEnvironmentsShow(await getContext(), name, flags);
  });

  const create = command.command('create').description('make a preview, or change one; safe to repeat');
  addTargetOptions(create.argument('<name>', named))
    .option('--ttl <time>', 'how long it lives from now on and from each deployment on, 1h to 90d (default: 3d)')
    .option('--allow-writes', 'let its scripts change things at providers')
    .option('--no-allow-writes', 'block such requests again')
    .option('--borrow <connection>', "use the environment's connection, such as github/user1", collect)
    .option('--standard', 'make an environment that stays, such as staging, and print its first API key')
    .action(async (name: string, flags: EnvironmentsCreateFlags) => {
      const { runEnvironmentsCreate } = await import('./run-environments-create.ts');
      await runEnvironmentsCreate(await getContext(), name, flags);
    });

  const extend = command.command('extend').description('let a preview live so long from now on');
  addTargetOptions(extend.argument('<name>', named))
    .requiredOption('--ttl <time>', 'such as 7d')
    .action(async (name: string, flags: TargetFlags & { ttl: string }) => {
      const { runEnvironmentsExtend } = await import('./run-environments-extend.ts');
      await runEnvironmentsExtend(await getContext(), name, flags);
    });

  const remove = command.command('delete').description('delete a preview with everything of it');
  addTargetOptions(remove.argument('<name>', named))
    .option('-y, --yes', 'do it without asking')
    .action(async (name: string, flags: TargetFlags & { yes?: boolean }) => {
      const { runEnvironmentsDelete } = await import('./run-environments-delete.ts');
      await runEnvironmentsDelete(await getContext(), name, flags);
    });
};
