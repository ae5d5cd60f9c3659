import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { RollbackFlags } from './run-rollback.ts';

export const configureRollback: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.argument('[version]', 'which version (default: the one before the active)', parseCount))
    .option('-y, --yes', 'do it without asking')
    .option('--data', 'records and cursors too: to what they were when that version was left')
    .action(async (version: number | undefined, flags: RollbackFlags) => {
      const { runRollback } = await import('./run-rollback.ts');
      await runRollback(await getContext(), { ...flags, version });
    });
};
