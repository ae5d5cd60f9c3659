import type { Command } from 'commander';

/** Adds the flags that say which server a command talks to; the action reads them as TargetFlags. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--env <name>', 'an environment of tenon.config.ts')
    .option('--preview <name>', 'a preview of that environment, such as pr-123')
    .option('--profile <name>', 'a profile of `tenon login` (default: TENON_PROFILE)')
    .option('--url <address>', 'address of the server (default: TENON_URL, or the one of `tenon dev`)')
    .option('--api-key <key>', "the server's API key (better in TENON_API_KEY: flags stay in the shell's history)");
}
