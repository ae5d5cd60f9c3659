import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import type { ConnectionsImportFlags } from './run-connections-import.ts';

export const configureImport: ConfigureCommand = (command, getContext) => {
  command
    .description('bring connections from another system with their tokens, so that nobody connects again')
    .argument('[integration/connection]', 'the one that the flags describe, such as github/user1')
    .option('--file <path>', 'many: .csv, .ndjson, or .json with a list')
    .option('--integration <name>', 'of those in the file that name none')
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--update', 'replace the credentials of those that are there, instead of skipping them')
    .option('--no-verify', 'do not try the credentials at the provider')
    .option('--access-token <secret>', 'of OAuth 2; `-` reads stdin, env:NAME the environment')
    .option('--refresh-token <secret>', 'of OAuth 2; `-` or env:NAME')
    .option('--expires-at <time>', 'of the access token: ISO 8601 or Unix time')
    .option('--scopes <list>', 'as granted')
    .option('--credentials <json>', 'of other modes: JSON or @file')
    .option('--config <json>', 'what the provider asks for beside credentials: JSON or @file')
    .option('--settings <json>', 'settings of the connection: JSON or @file')
    .option('--metadata <json>', 'metadata of the connection: JSON or @file');
  addTargetOptions(command).action(async (name: string | undefined, flags: ConnectionsImportFlags) => {
    const { runConnectionsImport } = await import('./run-connections-import.ts');
    await runConnectionsImport(await getContext(), name, flags);
  });
};
