import { InvalidArgumentError } from 'commander';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { KeysCreateFlags } from './run-keys-create.ts';
import type { KeysRotateFlags } from './run-keys-rotate.ts';

export const configureKeys: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.command('list', { isDefault: true }).description('list API keys'))
    .option('--all', 'revoked and expired ones too')
    .action(async (flags: TargetFlags & { all?: boolean }) => {
      const { runKeysList } = await import('./run-keys-list.ts');
      await runKeysList(await getContext(), flags);
    });

  const create = command.command('create').description('make an API key; it is printed once');
  addTargetOptions(create.argument('<name>', 'what it is for, such as ci'))
    .option(
      '--scopes <list>',
      'what it may do, such as records:read,actions:call (default: admin, everything)',
      splitList,
    )
    .option('--expires-in-days <days>', 'from when on it is refused (default: never)', parseCount)
    .action(async (name: string, flags: KeysCreateFlags) => {
      const { runKeysCreate } = await import('./run-keys-create.ts');
      await runKeysCreate(await getContext(), name, flags);
    });

  const revoke = command.command('revoke').description('refuse an API key from now on');
  addTargetOptions(revoke.argument('<id>', 'as `tenon keys list` shows it', parseCount))
    .option('-y, --yes', 'do it without asking')
    .action(async (id: number, flags: TargetFlags & { yes?: boolean }) => {
      const { runKeysRevoke } = await import('./run-keys-revoke.ts');
      await runKeysRevoke(await getContext(), id, flags);
    });

  const rotate = command
    .command('rotate')
    .description('encrypt every secret of the server with a new key, while it works');
  addTargetOptions(rotate)
    .option('--no-wait', 'only start it')
    .action(async (flags: KeysRotateFlags) => {
      const { runKeysRotate } = await import('./run-keys-rotate.ts');
      await runKeysRotate(await getContext(), flags);
    });
};

function splitList(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part !== '')) return parts;
  throw new InvalidArgumentError('Expected names, separated by commas');
}
