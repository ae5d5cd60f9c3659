import { startSandboxApi } from '@tenon/sandbox-api';
import path from 'node:path';
import type { CliResult } from '../harness/run-cli.ts';
import { createProjectFolder } from '../harness/create-project.ts';
import { startTenonServer, type TenonServer } from '../harness/start-tenon-server.ts';
import { runWithoutTerminal } from './run-without-terminal.ts';

export interface TerminalWorld {
  /** Of the project, made by `tenon init`. */
  readonly root: string;
  readonly server: TenonServer;
  readonly sandboxUrl: string;
  /** What `tenon init` printed. */
  readonly initialised: CliResult;
  tenon(...cliArguments: string[]): Promise<CliResult>;
  write(file: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/** A project as `tenon init` makes it, the API that it reads, and its server; nothing is deployed yet. */
export async function startTerminalWorld(): Promise<TerminalWorld> {
  const sandbox = await startSandboxApi({ port: 0 });
  const project = await createProjectFolder('app');
  const { root } = project;
  const tenon = (...cliArguments: string[]) => runWithoutTerminal(cliArguments, { cwd: root });
  const initialised = await tenon('init', '.', '--yes', '--skip-install', '--template', 'sandbox');
  const server = await startTenonServer(path.join(root, '.tenon'));
  return {
    root,
    server,
    sandboxUrl: sandbox.url,
    initialised,
    tenon,
    write: (file, text) => project.write(file, text),
    async stop() {
      await server.stop();
      await sandbox.stop();
      await project.remove();
    },
  };
}

/** The arguments that connect the account `acme` of the world's sandbox. */
export function connectArguments({ sandboxUrl }: TerminalWorld): string[] {
  const field = `baseUrl=${sandboxUrl}`;
  return ['connect', 'sandbox', '--connection', 'acme', '--api-key', 'sandbox-key', '--field', field];
}
