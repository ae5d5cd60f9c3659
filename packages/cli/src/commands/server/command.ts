import type { ConfigureCommand } from '../command-list.ts';

interface StartFlags {
  port?: string;
  host?: string;
  dataDirectory?: string;
}

export const configureServer: ConfigureCommand = (command, getContext) => {
  command
    .command('start')
    .description('start the server in this terminal')
    .option('--port <number>', 'port to listen on; 0 takes a free one (TENON_PORT)')
    .option('--host <address>', 'address to listen on (TENON_HOST)')
    .option('--data-directory <folder>', "embedded database, keys and state (default: the project's .tenon)")
    .action(async (flags: StartFlags) => {
      const { runServerStart } = await import('./run-server-start.ts');
      await runServerStart(flags, await getContext());
    });
};
