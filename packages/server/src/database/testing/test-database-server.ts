import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';

/** Bytes; a whole run takes less than one of these gigabytes. */
const memoryWanted = 4 * 1024 ** 3;

/** Clones of one migrated template database, for the test files that ask. */
interface TestCluster {
  readonly admin: Client;
  readonly template: string;
  /** How to copy it: as files, which takes a quarter of the time, where Postgres can be told so (from 15 on). */
  readonly strategy: string;
  urlOf(database: string): string;
  stop(): Promise<void>;
}

export interface TestDatabaseServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Answers test processes that want a database: POST makes a clone, DELETE drops it. Postgres itself starts with the
 * first request, so a run without database tests costs nothing.
 * @param postgresUrl an existing server to use instead of an embedded one; its role may create databases.
 */
export async function startTestDatabaseServer(postgresUrl: string | undefined): Promise<TestDatabaseServer> {
  let cluster: Promise<TestCluster> | undefined;
  // CREATE DATABASE locks its template: one at a time is also the fastest.
  let queue: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    cluster ??= postgresUrl === undefined ? startEmbeddedCluster() : connectCluster(postgresUrl);
    const ready = cluster;
    queue = queue.then(() => answer(ready, request, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await queue;
      await (await cluster?.catch(() => undefined))?.stop();
    },
  };
}

async function answer(ready: Promise<TestCluster>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { admin, template, strategy, urlOf } = await ready;
    const name = request.method === 'DELETE' ? nameIn(request.url) : `tenon_test_${randomBytes(6).toString('hex')}`;
    if (request.method === 'DELETE') await admin.query(`drop database if exists ${name} with (force)`);
    else await admin.query(`create database ${name} template ${template}${strategy}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name, url: urlOf(name) }));
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.stack : String(error));
  }
}

function nameIn(path: string | undefined): string {
  const name = /^\/(tenon_test_[0-9a-f]{12})$/.exec(path ?? '')?.[1];
  if (name === undefined) throw new Error('Expected the name of a test database.');
  return name;
}

async function startEmbeddedCluster(): Promise<TestCluster> {
  const { startEmbeddedPostgres } = await import('../embedded/start-embedded-postgres.ts');
  const { pino } = await import('pino');
  const dataDirectory = mkdtempSync(join(findFolder(), 'tenon-test-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory, durability: 'none', logger: pino({ level: 'warn' }) });
  const cluster = await connectCluster(postgres.connectionString);
  return {
    ...cluster,
    async stop() {
      await cluster.stop();
      await postgres.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** In memory where there is plenty of it: what tests write is gone soon anyway. */
function findFolder(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= memoryWanted ? memory : tmpdir();
}

async function connectCluster(url: string): Promise<TestCluster> {
  const { Client } = await import('pg');
  const { pino } = await import('pino');
  const { connectDatabase } = await import('../connect-database.ts');
  const { migrate } = await import('../migrate.ts');
  const template = `tenon_test_${randomBytes(6).toString('hex')}`;
  const urlOf = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${template}`);
  const connected = await connectDatabase({
    connection: urlOf(template),
    poolSize: 1,
    logger: pino({ level: 'silent' }),
  });
  await migrate(connected.database);
  await connected.close();
  const { rows } = await admin.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  return {
    admin,
    template,
    strategy: (rows[0]?.version ?? 0) >= 150_000 ? ' strategy file_copy' : '',
    urlOf,
    async stop() {
      await admin.query(`drop database if exists ${template} with (force)`);
      await admin.end();
    },
  };
}
