import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

/**
 * Adds a command's flags, arguments, subcommands and action to a commander Command that has its name and summary.
 * The action calls the work in run-<name>.ts with `await getContext()`; --json, --verbose, --no-color and --help are
 * already there for every command.
 */
export type ConfigureCommand = (command: Command, getContext: () => Promise<CommandContext>) => void;

export interface CommandEntry {
  readonly name: string;
  /** One line of `tenon --help`. */
  readonly summary: string;
  /** Loads the command only when it is the one that was called: a bare start loads none. */
  readonly load: () => Promise<ConfigureCommand>;
}

/** Every command, in the order of `tenon --help`. */
export const commandList: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'create a project, or add Tenon to an existing one',
    load: async () => (await import('./init/command.ts')).configureInit,
  },
  {
    name: 'add',
    summary: 'add a provider, with its scripts, to the project',
    load: async () => (await import('./add/command.ts')).configureAdd,
  },
  {
    name: 'providers',
    summary: 'list the APIs that Tenon knows',
    load: async () => (await import('./providers/command.ts')).configureProviders,
  },
  {
    name: 'check',
    summary: 'check types, definitions and lints',
    load: async () => (await import('./check/command.ts')).configureCheck,
  },
  {
    name: 'test',
    summary: 'replay the recordings of runs, offline',
    load: async () => (await import('./test/command.ts')).configureTest,
  },
  {
    name: 'record',
    summary: "record a run's requests, redacted, as a test",
    load: async () => (await import('./record/command.ts')).configureRecord,
  },
  {
    name: 'dev',
    summary: 'develop with a local server: save, and it is live',
    load: async () => (await import('./dev/command.ts')).configureDev,
  },
  {
    name: 'generate',
    summary: 'write the typed SDK into your app',
    load: async () => (await import('./generate/command.ts')).configureGenerate,
  },
  {
    name: 'plan',
    summary: 'show what a deployment would change',
    load: async () => (await import('./plan/command.ts')).configurePlan,
  },
  {
    name: 'deploy',
    summary: 'deploy the project to a server',
    load: async () => (await import('./deploy/command.ts')).configureDeploy,
  },
  {
    name: 'versions',
    summary: 'list, show and compare the deployed versions',
    load: async () => (await import('./versions/command.ts')).configureVersions,
  },
  {
    name: 'promote',
    summary: 'deploy what another environment has run',
    load: async () => (await import('./promote/command.ts')).configurePromote,
  },
  {
    name: 'rollback',
    summary: 'make an earlier version the active one',
    load: async () => (await import('./rollback/command.ts')).configureRollback,
  },
  {
    name: 'connect',
    summary: "connect a customer's account",
    load: async () => (await import('./connect/command.ts')).configureConnect,
  },
  {
    name: 'connections',
    summary: 'list, show, test, refresh, update, import and delete connections',
    load: async () => (await import('./connections/command.ts')).configureConnections,
  },
  {
    name: 'integrations',
    summary: 'show which integrations there are, and what they lack',
    load: async () => (await import('./integrations/command.ts')).configureIntegrations,
  },
  {
    name: 'run',
    summary: 'run a sync or an action on the server, or dry with --local',
    load: async () => (await import('./run/command.ts')).configureRun,
  },
  {
    name: 'records',
    summary: 'read and export the stored records; decide on held deletions',
    load: async () => (await import('./records/command.ts')).configureRecords,
  },
  {
    name: 'views',
    summary: 'list the SQL views over the records',
    load: async () => (await import('./views/command.ts')).configureViews,
  },
  {
    name: 'runs',
    summary: 'list, show and cancel runs',
    load: async () => (await import('./runs/command.ts')).configureRuns,
  },
  {
    name: 'schedules',
    summary: 'show when syncs run, and change it; backfill',
    load: async () => (await import('./schedules/command.ts')).configureSchedules,
  },
  {
    name: 'logs',
    summary: 'read what runs logged',
    load: async () => (await import('./logs/command.ts')).configureLogs,
  },
  {
    name: 'environments',
    summary: 'make, extend and delete preview environments',
    load: async () => (await import('./environments/command.ts')).configureEnvironments,
  },
  {
    name: 'env',
    summary: 'list, set and unset variables, such as client secrets',
    load: async () => (await import('./env/command.ts')).configureEnv,
  },
  {
    name: 'keys',
    summary: 'list, make and revoke API keys; rotate the encryption key',
    load: async () => (await import('./keys/command.ts')).configureKeys,
  },
  {
    name: 'webhooks',
    summary: 'tell your app of events; look at deliveries, send them again',
    load: async () => (await import('./webhooks/command.ts')).configureWebhooks,
  },
  {
    name: 'audit',
    summary: 'show who changed what',
    load: async () => (await import('./audit/command.ts')).configureAudit,
  },
  {
    name: 'whoami',
    summary: 'show which server and key are used here',
    load: async () => (await import('./whoami/command.ts')).configureWhoami,
  },
  {
    name: 'login',
    summary: 'get a key of a server and keep it on this machine',
    load: async () => (await import('./login/command.ts')).configureLogin,
  },
  {
    name: 'logout',
    summary: 'revoke the key of a profile and forget it',
    load: async () => (await import('./logout/command.ts')).configureLogout,
  },
  {
    name: 'server',
    summary: 'run the Tenon server',
    load: async () => (await import('./server/command.ts')).configureServer,
  },
  {
    name: 'doctor',
    summary: 'find out what is wrong with this machine or project',
    load: async () => (await import('./doctor/command.ts')).configureDoctor,
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands in your shell',
    load: async () => (await import('./completion/command.ts')).configureCompletion,
  },
];
