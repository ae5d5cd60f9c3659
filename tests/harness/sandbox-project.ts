import { startSandboxApi } from '@tenon/sandbox-api';
import path from 'node:path';
import { createProjectFolder, type TestProject, tsconfig } from './create-project.ts';
import { expectCli, expectCliHere } from './run-cli.ts';
import { startTenonServer, type TenonServer } from './start-tenon-server.ts';

export type SandboxApi = Awaited<ReturnType<typeof startSandboxApi>>;

export interface SandboxProject {
  readonly sandbox: SandboxApi;
  readonly project: TestProject;
  readonly dataDirectory: string;
  /** The running server; a new one after `restart`. */
  readonly server: TenonServer;
  /** Runs the built CLI in the project, against the server. */
  tenon(...cliArguments: string[]): Promise<string>;
  /** Deploys what is in the project. */
  deploy(): Promise<void>;
  /** Connects an account of the sandbox. Default: `acme`. */
  connect(id?: string): Promise<void>;
  restart(): Promise<void>;
  /** Tells the sandbox what to do: `chaos`, `advance` and the others of its `/_control` routes. */
  control(route: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** The sandbox API, a project with one integration of it, and a server: everything that a user would have running. */
export async function startSandboxProject(options: {
  sandbox?: Parameters<typeof startSandboxApi>[0];
  serverEnv?: Record<string, string>;
  /** Default: in the project, as `tenon dev` has it. */
  dataDirectory?: string;
  files: Record<string, string>;
}): Promise<SandboxProject> {
  const sandbox = await startSandboxApi({ port: 0, ...options.sandbox });
  const project = await createProjectFolder();
  const files = { ...projectFiles, ...options.files };
  for (const [file, text] of Object.entries(files)) await project.write(file, text);
  const dataDirectory = options.dataDirectory ?? path.join(project.root, '.tenon');
  let server = await startTenonServer(dataDirectory, options.serverEnv);

  const place = () => ({ cwd: project.root, env: { TENON_URL: server.url, TENON_API_KEY: server.apiKey } });

  return {
    sandbox,
    project,
    dataDirectory,
    get server() {
      return server;
    },
    tenon: (...cliArguments) => expectCli(cliArguments, place()),
    deploy: async () => {
      await expectCliHere(['deploy', '--yes'], place());
    },
    connect: async (id = 'acme') => {
      const answer = await server.call('POST', '/v1/connections', {
        integration: 'sandbox',
        id,
        credentials: { mode: 'api_key', values: { apiKey: 'sandbox-key' } },
        config: { baseUrl: sandbox.url },
      });
      if (answer.status !== 201)
        throw new Error(`connecting answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    },
    control: async (route, body) => {
      const answer = await fetch(`${sandbox.url}/_control/${route}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`/_control/${route} answered ${answer.status}: ${await answer.text()}`);
    },
    restart: async () => {
      server = await startTenonServer(dataDirectory, options.serverEnv);
    },
    stop: async () => {
      await server.stop();
      await sandbox.stop();
      await project.remove();
    },
  };
}

const projectFiles = {
  'package.json': '{ "name": "project", "private": true, "type": "module" }\n',
  'tenon.config.ts': `import { defineConfig } from '@tenon/runtime';
// Some tests need scripts that do what the lints forbid.
export default defineConfig({
  integrations: { sandbox: { provider: 'sandbox' } },
  check: { rules: { 'unbounded-loop': 'warning' } },
});
`,
  'tsconfig.json': tsconfig,
};
