import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';

export const configureEnv: ConfigureCommand = (command, getContext) => {
  addTargetOptions(
    command.command('list', { isDefault: true }).description('list variables, without their values'),
  ).action(async (flags: TargetFlags) => {
    const { runEnvList } = await import('./run-env-list.ts');
    await runEnvList(await getContext(), flags);
  });

  const set = command.command('set').description('store a variable, encrypted');
  addTargetOptions(
    set
      .argument('<name>', 'such as GITHUB_CLIENT_SECRET')
      .argument('[value]', '- reads stdin, env:NAME the environment; absent: you are asked (or stdin is read)'),
  ).action(async (name: string, value: string | undefined, flags: TargetFlags) => {
    const { runEnvSet } = await import('./run-env-set.ts');
    await runEnvSet(await getContext(), { name, value }, flags);
  });

  const unset = command.command('unset').description('delete a stored variable');
  addTargetOptions(unset.argument('<name>', 'such as GITHUB_CLIENT_SECRET')).action(
    async (name: string, flags: TargetFlags) => {
      const { runEnvUnset } = await import('./run-env-unset.ts');
      await runEnvUnset(await getContext(), name, flags);
    },
  );
};
