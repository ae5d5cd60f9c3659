import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import type { DevFlags } from './run-dev.ts';

export const configureDev: ConfigureCommand = (command, getContext) => {
  command
    .option('--port <number>', 'port of the server that is started', parseCount)
    .action(async (flags: DevFlags) => {
      const { runDev } = await import('./run-dev.ts');
      await runDev(await getContext(), flags);
    });
};
