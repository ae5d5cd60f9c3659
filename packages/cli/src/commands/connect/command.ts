import { collect } from '../collect.ts';
import type { ConfigureCommand } from '../command-list.ts';
import type { ConnectFlags } from './run-connect.ts';

const splitScopes = (value: string): string[] => value.split(/[\s,]+/).filter(Boolean);

export const configureConnect: ConfigureCommand = (command, getContext) => {
  command
    .argument('<integration>', 'such as github')
    .requiredOption('-c, --connection <id>', "the customer's account, as your app names it")
    .option('--api-key <secret>', "the customer's API key at the provider; `-` reads stdin, env:NAME the environment")
    .option('--username <name>', 'for basic authentication')
    .option('--password <secret>', 'for basic authentication; `-` or env:NAME')
    .option('--client-id <id>', 'for OAuth 2 client credentials')
    .option('--client-secret <secret>', 'for OAuth 2 client credentials; `-` or env:NAME')
    .option(
      '--field <name=value>',
      'any other value that the provider asks for; repeatable; long ones from a file with name=@path',
      collect,
    )
    .option('--scopes <list>', "what to ask for in the browser, instead of the integration's", splitScopes)
    .option('--reconnect', 'renew the authorisation of a connection that is there; its records stay')
    .option('--no-open', 'print the address without opening a browser')
    .option('--settings <json>', 'settings of the connection: JSON or @file')
    .option('--metadata <json>', 'metadata of the connection: JSON or @file')
    .option('--no-verify', 'do not try the credentials at the provider')
    .option('--env <name>', 'an environment of tenon.config.ts')
    .option('--preview <name>', 'a preview of that environment, such as pr-123')
    .option('--url <address>', 'address of the server (default: TENON_URL, or the one of `tenon dev`)')
    .option('--server-api-key <key>', "the server's API key (default: TENON_API_KEY)")
    .action(async (integration: string, flags: ConnectFlags) => {
      const { runConnect } = await import('./run-connect.ts');
      await runConnect(await getContext(), integration, flags);
    });
};
