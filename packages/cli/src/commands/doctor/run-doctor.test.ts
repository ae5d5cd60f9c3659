import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestProject } from '../../testing/create-test-project.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { createTestContext, type TestContext } from '../../testing/test-context.ts';
import { TenonError } from '@tenon/runtime/errors';
import { runGenerate } from '../generate/run-generate.ts';
import { clock } from './checks/clock.ts';
import { dataFolder } from './checks/data-folder.ts';
import { database } from './checks/database.ts';
import { dns } from './checks/dns.ts';
import { generatedSdk } from './checks/generated-sdk.ts';
import { integrations } from './checks/integrations.ts';
import { key } from './checks/key.ts';
import { orphanedPostgres } from './checks/orphaned-postgres.ts';
import { port } from './checks/port.ts';
import { proxy } from './checks/proxy.ts';
import { server as serverCheck } from './checks/server.ts';
import { serverVersion } from './checks/server-version.ts';
import { tcp } from './checks/tcp.ts';
import { tls } from './checks/tls.ts';
import { tsconfig } from './checks/tsconfig.ts';
import { zodCopies } from './checks/zod-copies.ts';
import type { DoctorCheck } from './doctor-check.ts';
import { runDoctor, type DoctorFlags } from './run-doctor.ts';

interface Report {
  readonly name: string;
  readonly status: string;
  readonly found: string;
  readonly fix?: string;
  readonly repaired?: string;
}

let server: FakeServer;
let folder: string;
beforeAll(async () => {
  server = await FakeServer.start();
  folder = await mkdtemp(join(tmpdir(), 'tenon-doctor-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs some checks; gives what they found, and the error that the command ends with. */
async function examine(
  checks: readonly DoctorCheck[],
  options: Parameters<typeof createTestContext>[0] & { flags?: DoctorFlags } = {},
): Promise<{ reports: Report[]; first: Report | undefined; error: TenonError | undefined; test: TestContext }> {
  const { flags = {}, ...rest } = options;
  const test = createTestContext({ isJson: true, cwd: folder, ...rest });
  const error = await runDoctor(test, flags, checks).then(
    () => undefined,
    (thrown: unknown) => {
      if (thrown instanceof TenonError) return thrown;
      throw thrown;
    },
  );
  const reports = (error?.details?.['checks'] ?? (JSON.parse(test.stdout()) as { checks: unknown }).checks) as Report[];
  return { reports, first: reports[0], error, test };
}

const here = () => ({ url: server.url, apiKey: server.apiKey });

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: found } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return found;
}

describe('the way to the server', () => {
  it('is in order where there is one', async () => {
    const { reports, error } = await examine([proxy, dns, tcp, tls, serverCheck, key, clock], here());
    expect(error).toBeUndefined();
    // The server of tests speaks http.
    expect(reports.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'skipped', 'ok', 'ok', 'ok']);
  });

  it('is said to be broken once, with exit code 14, when nothing else is', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { reports, error } = await examine([dns, tcp, serverCheck, serverVersion, key, database, integrations], {
      url,
      apiKey: 'x',
    });
    expect(error).toMatchObject({ code: 'doctor_unreachable', exitCode: 14 });
    expect(reports.map(({ status }) => status)).toEqual([
      'ok',
      'failed',
      'failed',
      'skipped',
      'skipped',
      'skipped',
      'skipped',
    ]);
    for (const report of reports.filter(({ status }) => status === 'failed'))
      expect(report.fix).toEqual(expect.any(String));
  });

  it('has names that are found', async () => {
    const { first } = await examine([dns], { url: 'http://tenon.invalid', apiKey: 'x' });
    expect(first).toMatchObject({ status: 'failed', found: expect.stringContaining('tenon.invalid') as string });
  });

  it('has certificates that are trusted and last', async () => {
    const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90', '-subj', '/CN=127.0.0.1'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', ...made, ...files], { stdio: 'ignore' });
    const [certificate, privateKey] = await Promise.all([
      readFile(join(folder, 'cert.pem')),
      readFile(join(folder, 'key.pem')),
    ]);
    const secure = createHttpsServer({ cert: certificate, key: privateKey }).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    try {
      const { first } = await examine([tls], { url, apiKey: 'x' });
      expect(first).toMatchObject({ status: 'failed', fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string });
      const unsafe = await examine([tls], { url, apiKey: 'x', variables: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
      expect(unsafe.first).toMatchObject({ status: 'warning' });
    } finally {
      secure.close();
    }
    const plain = await examine([tls], { url: server.url.replace('http:', 'https:'), apiKey: 'x' });
    expect(plain.first).toMatchObject({ status: 'failed', fix: expect.stringContaining('http://') as string });
  });

  it('may go through a proxy, of which nothing else is tried', async () => {
    const variables = { HTTP_PROXY: 'http://127.0.0.1:1' };
    const { reports } = await examine([proxy, dns, tcp], { url: 'http://tenon.invalid', apiKey: 'x', variables });
    expect(reports.map(({ status }) => status)).toEqual(['warning', 'skipped', 'skipped']);
    const broken = await examine([proxy], { variables: { HTTPS_PROXY: 'http://[' } });
    expect(broken.first).toMatchObject({ status: 'failed' });
  });
});

describe('the server', () => {
  it('is of a version that this command line understands', async () => {
    const health = (version: string) => ({ status: 200, body: { status: 'ok', version } });
    server.answerNext('GET /v1/health', health('99.0.0'), health('0.0.1'));
    const newer = await examine([serverVersion], here());
    expect(newer.first).toMatchObject({ status: 'warning', fix: expect.stringContaining('99.0.0') as string });
    const older = await examine([serverVersion], here());
    expect(older.first).toMatchObject({ status: 'warning', fix: expect.stringContaining('npx tenon@0.0.1') as string });
  });

  it('has a key that is good, may deploy, and lasts', async () => {
    const whoami = (scopes: string[], expiresAt: string | null) => ({
      status: 200,
      body: {
        environment: 'dev',
        key: { id: 1, name: 'k', prefix: 'tnn_', scopes, expiresAt },
        server: { version: '0.1.0' },
        activeVersion: 0,
      },
    });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    server.answerNext('GET /v1/whoami', whoami(['records:read'], null), whoami(['admin'], tomorrow));
    expect((await examine([key], here())).first?.found).toContain('lacks deployments:read');
    expect((await examine([key], here())).first?.found).toContain('expires in 0 days');
    const refused = await examine([key, integrations], { ...here(), apiKey: 'wrong' });
    expect(refused.reports.map(({ status }) => status)).toEqual(['failed', 'skipped']);
  });

  it('has a database', async () => {
    const away = refuse(503, 'unavailable', 'The database does not answer.');
    // It is asked again before it is given up.
    server.answerNext('GET /v1/ready', away, away, away);
    expect((await examine([database], here())).first).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('DATABASE_URL') as string,
    });
  });

  it('has a clock that agrees', async () => {
    const wrong = { status: 200, body: {}, headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } };
    server.answerNext('GET /', wrong);
    expect((await examine([clock], here())).first).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('NTP') as string,
    });
  });
});

describe('the project', () => {
  it.each([
    ['{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "strict": true } }', 'ok'],
    ['{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "strict": false } }', 'warning'],
    ['{ "compilerOptions": { "module": "commonjs", "moduleResolution": "bundler", "strict": true } }', 'warning'],
  ])('with the tsconfig %s is %s', async (text, status) => {
    const { root } = await createTestProject({ 'tsconfig.json': text });
    expect((await examine([tsconfig], { cwd: root })).first).toMatchObject({ status });
  });

  it('has one copy of zod', async () => {
    const { root } = await createTestProject({
      'node_modules/zod/package.json': '{ "name": "zod", "version": "3.0.0" }',
    });
    const { first, error } = await examine([zodCopies], { cwd: root });
    expect(first).toMatchObject({ status: 'failed', found: expect.stringMatching(/3\.0\.0.*4\./) as string });
    expect(error).toMatchObject({ code: 'doctor_failed', exitCode: 11 });
  });

  it('has an SDK of what it declares now', async () => {
    const { root, write } = await createTestProject();
    expect((await examine([generatedSdk], { cwd: root })).first).toMatchObject({ status: 'ok' });
    await runGenerate(createTestContext({ cwd: root }), {});
    expect((await examine([generatedSdk], { cwd: root })).first).toMatchObject({ status: 'ok' });
    const index = await readFile(join(root, 'src/tenon/index.ts'), 'utf8');
    await write({ 'src/tenon/index.ts': `${index}\nexport {};\n` });
    expect((await examine([generatedSdk], { cwd: root })).first).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('tenon generate') as string,
    });
  });
});

describe('the machine', () => {
  it('has secrets that only their owner reads, and --fix sees to it', async () => {
    const { root } = await createTestProject({ '.tenon/api-key': 'k' });
    await chmod(join(root, '.tenon/api-key'), 0o644);
    expect((await examine([dataFolder], { cwd: root })).first).toMatchObject({ status: 'warning', fixable: true });
    expect((await stat(join(root, '.tenon/api-key'))).mode & 0o777).toBe(0o644);
    const fixed = await examine([dataFolder], { cwd: root, flags: { fix: true } });
    expect(fixed.first).toMatchObject({ status: 'ok', repaired: expect.stringContaining('api-key') as string });
    expect((await stat(join(root, '.tenon/api-key'))).mode & 0o777).toBe(0o600);
  });

  it('has its port free, or says who has it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const number = String((taken.address() as AddressInfo).port);
    expect((await examine([port], { variables: { TENON_PORT: number } })).first).toMatchObject({ status: 'warning' });
    taken.close();
    await once(taken, 'close');
    expect((await examine([port], { variables: { TENON_PORT: number } })).first).toMatchObject({ status: 'ok' });
    expect((await examine([port], { variables: { TENON_PORT: 'x' } })).first).toMatchObject({ status: 'failed' });
  });

  it('has no Postgres whose server is gone, and --fix leaves other processes alone', async () => {
    const { root } = await createTestProject();
    const data = join(root, '.tenon', 'postgres', 'data');
    await mkdir(data, { recursive: true });
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await writeFile(join(data, 'postmaster.pid'), `${other.pid}\n${data}\n`);
      const found = await examine([orphanedPostgres], { cwd: root, flags: { fix: true } });
      expect(found.first).toMatchObject({
        status: 'warning',
        fix: expect.stringContaining(`kill -INT ${other.pid}`) as string,
      });
      expect(found.first?.repaired).toBeUndefined();
      expect(other.exitCode).toBeNull();
    } finally {
      other.kill('SIGKILL');
      await once(other, 'close');
    }
    expect((await examine([orphanedPostgres], { cwd: root })).first).toMatchObject({ status: 'ok' });
  });
});

it('runs all checks at once, and goes on without one that does not answer', async () => {
  const running: string[] = [];
  let release: () => void = () => {};
  const together = new Promise<void>((resolve) => (release = resolve));
  const one = (name: string): DoctorCheck => ({
    name,
    about: 'machine',
    async run() {
      running.push(name);
      if (running.length === 2) release();
      await together;
      return { status: 'ok', found: name };
    },
  });
  const stuck: DoctorCheck = { name: 'stuck', about: 'machine', timeoutMs: 50, run: () => new Promise(() => {}) };
  const { reports, error } = await examine([one('a'), stuck, one('b')]);
  expect(reports.map(({ status }) => status)).toEqual(['ok', 'failed', 'ok']);
  expect(error).toMatchObject({ code: 'doctor_failed' });
});
