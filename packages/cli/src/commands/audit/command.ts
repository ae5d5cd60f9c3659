import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { AuditFlags } from './run-audit.ts';

export const configureAudit: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--action <name>', 'only this, such as connection.delete')
    .option('--subject <name>', 'only what was done to this, such as connection:github/user1')
    .option('--from <time>', 'not before this time, such as 2026-01-31 or 2026-01-31T08:00:00Z')
    .option('--to <time>', 'before this time')
    .option('--limit <count>', 'how many at most', parseCount, 50)
    .action(async (flags: AuditFlags) => {
      const { runAudit } = await import('./run-audit.ts');
      await runAudit(await getContext(), flags);
    });
};
