import type { ConfigureCommand } from '../command-list.ts';
import type { LogoutFlags } from './run-logout.ts';

export const configureLogout: ConfigureCommand = (command, getContext) => {
  command
    .option('--profile <name>', 'which one (default: TENON_PROFILE, or the one that was logged in to last)')
    .option('--env <name>', 'the one of an environment of tenon.config.ts')
    .option('--all', 'every profile')
    .option('--revoke', 'revoke a key that was handed over by --token too; it may be used elsewhere')
    .action(async (flags: LogoutFlags) => {
      const { runLogout } = await import('./run-logout.ts');
      await runLogout(await getContext(), flags);
    });
};
