import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';

export const configureRollback: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.argument('[version]', 'which version (default: the one before the active)', parseCount))
    .option('-y, --yes', 'do it without asking')
    .action(async (version: number | undefined, flags: TargetFlags & { yes?: boolean }) => {
      const { runRollback } = await import('./run-rollback.ts');
      await runRollback(await getContext(), { ...flags, version });
    });
};
