import { InvalidArgumentError } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';

export const configureCheck: ConfigureCommand = (command, getContext) => {
  command
    .option('--max-warnings <count>', 'fail when the lints have more warnings than this', parseLimit)
    .option('--strict', 'the same as --max-warnings 0')
    .option('--fix', 'mend what is certain: insert missing awaits')
    .action(async (flags: { maxWarnings?: number; strict?: boolean; fix?: boolean }) => {
      const { runCheck } = await import('./run-check.ts');
      const maxWarnings = flags.strict === true ? 0 : flags.maxWarnings;
      await runCheck(await getContext(), {
        fix: flags.fix === true,
        ...(maxWarnings !== undefined && { maxWarnings }),
      });
    });
};

function parseLimit(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0');
}
