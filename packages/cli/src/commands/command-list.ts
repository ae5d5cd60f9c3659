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
    summary: "add a provider's scripts to the project",
    load: async () => (await import('./add/command.ts')).configureAdd,
  },
  {
    name: 'check',
    summary: 'check types and definitions',
    load: async () => (await import('./check/command.ts')).configureCheck,
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
];
