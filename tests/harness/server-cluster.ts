import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProviderInput } from '@tenon/runtime/provider';
import { Pool } from 'pg';
import { createProjectFolder, tsconfig } from './create-project.ts';
import { expectCliHere } from './run-cli.ts';
import { startTenonServer, type TenonServer } from './start-tenon-server.ts';
import { createTestDatabase } from './test-database.ts';

export interface ServerCluster {
  readonly servers: readonly TenonServer[];
  /** Straight to the database, for locks and for moving time. */
  readonly pool: Pool;
  /** Starts another process in the place of one that ended, at the same address. */
  restart(index: number): Promise<TenonServer>;
  /** Deploys a project with these providers and scripts through the first server. */
  deploy(project: ClusterProject): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterProject {
  readonly providers: readonly ProviderInput[];
  /** Text of tenon.config.ts after `defineConfig(`. */
  readonly config: string;
  /** Scripts by their path in the project. */
  readonly files: Readonly<Record<string, string>>;
}

/** Server processes with one Postgres, one encryption key and one API key, as a deployment of several has them. */
export async function startServerCluster(count: number, env: Record<string, string> = {}): Promise<ServerCluster> {
  const database = await createTestDatabase();
  const project = await createProjectFolder();
  const pool = new Pool({ connectionString: database.connectionString, max: 4 });
  // Idle ones are cut off with the database.
  pool.on('error', () => undefined);
  const shared = {
    DATABASE_URL: database.connectionString,
    TENON_API_KEY: randomBytes(32).toString('base64url'),
    TENON_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    TENON_RATE_LIMIT: '0',
    ...env,
  };

  async function start(index: number, port = '0'): Promise<TenonServer> {
    const directory = path.join(project.root, `.tenon-${index}`);
    await mkdir(directory, { recursive: true });
    return startTenonServer(directory, { ...shared, TENON_PORT: port });
  }

  const servers = await Promise.all(Array.from({ length: count }, (_, index) => start(index)));

  return {
    servers,
    pool,
    async restart(index) {
      const { port } = new URL(servers[index]?.url ?? '');
      const server = await start(index, port);
      servers[index] = server;
      return server;
    },
    async deploy({ providers, config, files }) {
      await project.write('package.json', '{ "name": "project", "private": true, "type": "module" }\n');
      await project.write(
        'tenon.config.ts',
        `import { defineConfig, variable } from '@tenon/runtime';\nexport default defineConfig(${config});\n`,
      );
      await project.write('tsconfig.json', tsconfig);
      for (const provider of providers) {
        // Every JSON document is one in YAML.
        await project.write(`providers/${provider.name}.yaml`, JSON.stringify(provider));
      }
      for (const [file, text] of Object.entries(files)) await project.write(file, text);
      const [first] = servers;
      await expectCliHere(['deploy', '--yes'], {
        cwd: project.root,
        env: { TENON_URL: first?.url ?? '', TENON_API_KEY: shared.TENON_API_KEY },
      });
    },
    async stop() {
      await Promise.all(servers.map((server) => (hasEnded(server) ? undefined : server.stop())));
      await pool.end();
      await database.drop();
      await project.remove();
    },
  };
}

function hasEnded({ child }: TenonServer): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
