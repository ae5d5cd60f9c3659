// Credentials alone, without HTTP, workers or runs: reading one, and renewing 10,000 that are due against a token
// endpoint on this machine; then what a provider that never answers does to the renewals of another.
import pino from 'pino';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { providerSchema } from '@tenon/runtime/provider';
import { describeLatencies, perSecond, printFigure } from '../harness/figures.mjs';
import { repository } from '../harness/processes.mjs';

const total = Number(process.env.BENCH_CONNECTIONS ?? 10_000);
const reads = Number(process.env.BENCH_READS ?? 20_000);
const atOnce = 16;

const dist = path.join(repository, 'packages/server/dist');
const load = (file) => import(path.join(dist, file));
const { startEmbeddedPostgres } = await load('database/embedded/start-embedded-postgres.js');
const { connectDatabase } = await load('database/connect-database.js');
const { migrate } = await load('database/migrate.js');
const { createManifestSource } = await load('deployments/manifest-source.js');
const { createIntegrationValues } = await load('integrations/integration-values.js');
const { createConnectionContext } = await load('credentials/connection-context.js');
const { createCredentialSource } = await load('credentials/credential-source.js');
const { createProviderAccess } = await load('credentials/create-provider-access.js');
const { createKeyring } = await load('credentials/keyring.js');
const { createRefreshLoop } = await load('credentials/refresh-loop.js');
const { openCredentials, openToken } = await load('credentials/seal-secrets.js');
const { sealConnection } = await load('credentials/seal-connection.js');
const { findSecrets } = await load('credentials/storage/find-secrets.js');
const { insertConnection } = await load('credentials/storage/insert-connection.js');

const endpoint = fork(path.join(import.meta.dirname, 'token-endpoint.mjs'));
const [{ url }] = await once(endpoint, 'message');
const logger = pino({ level: 'error' });
const dataDirectory = await mkdtemp(path.join(tmpdir(), 'tenon-bench-'));
const postgres = await startEmbeddedPostgres({ dataDirectory, logger });
const { database, close } = await connectDatabase({ connection: postgres.connection, poolSize: 16, logger });
await migrate(database);

const providerOf = (name, tokenPath) =>
  providerSchema.parse({
    name,
    displayName: name,
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: {
      mode: 'oauth2',
      authorizationUrl: `${url}/authorize`,
      tokenUrl: url + tokenPath,
      refreshToken: { use: 'rotating' },
    },
    baseUrl: url,
  });
const providers = [providerOf('prompt', '/token'), providerOf('hanging', '/hang')];
const client = { clientId: { value: 'client' }, clientSecret: { value: 'secret' } };
const { id: environmentId } = await database
  .insertInto('environments')
  .values({ name: 'bench', active_version: 1 })
  .returning('id')
  .executeTakeFirstOrThrow();
const manifest = {
  formatVersion: 1,
  runtimeVersion: '0.1.0',
  integrations: providers.map(({ name }) => ({ name, provider: name, values: client })),
  providers,
  functions: [],
};
await database
  .insertInto('deployments')
  .values({ environment_id: environmentId, version: 1, manifest: JSON.stringify(manifest), message: null })
  .execute();

const keyring = createKeyring(randomBytes(32));
const access = createProviderAccess({ allowPrivateAddresses: true });
const createContext = () =>
  createConnectionContext({
    database,
    keyring,
    access,
    integrations: createIntegrationValues({ database, keyring, serverVariables: {} }),
    publicUrl: () => 'http://127.0.0.1',
    manifests: createManifestSource(database),
    now: Date.now,
  });

let lastId = 0;
async function connect(provider, name, { expiresInMs, isDue }) {
  const connectionId = (lastId += 1);
  const now = Date.now();
  const token = {
    accessToken: 'a'.repeat(40),
    refreshToken: 'r'.repeat(40),
    obtainedAtMs: now,
    expiresAtMs: now + expiresInMs,
  };
  const secrets = sealConnection({ keyring }, { connectionId, provider, credentials: { mode: 'oauth2' }, token });
  await insertConnection(database, {
    id: connectionId,
    environmentId,
    integration: provider.name,
    name,
    config: {},
    secrets: isDue ? { ...secrets, refreshAt: new Date(now - 1_000) } : secrets,
    endUser: undefined,
    settings: {},
    metadata: {},
  });
  return connectionId;
}

async function inParallel(count, work) {
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let n = next++; n < count; n = next++) await work(n);
    }),
  );
  return count / ((performance.now() - startedAt) / 1_000);
}

try {
  const [prompt, hanging] = providers;
  const fresh = [];
  for (let n = 0; n < 1_000; n += 1) {
    fresh.push(await connect(prompt, `fresh-${n}`, { expiresInMs: 3_600_000, isDue: false }));
  }
  await database.executeQuery({ sql: 'analyze connections', parameters: [], query: { kind: 'RawNode' } });
  const source = createCredentialSource(createContext());
  const read = (n) => source.getActiveCredential(fresh[n % fresh.length]);
  // A context that has read nothing yet decrypts what it reads; it is thrown away after each thousand.
  await inParallel(2_000, read);
  let cold = createCredentialSource(createContext());
  const coldRate = await inParallel(reads, (n) => {
    if (n % fresh.length === 0) cold = createCredentialSource(createContext());
    return cold.getActiveCredential(fresh[n % fresh.length]);
  });
  const cachedRate = await inParallel(reads, read);
  const lookups = await inParallel(reads, (n) =>
    findSecrets(database, { connectionId: fresh[n % fresh.length], known: undefined }),
  );
  const rows = await Promise.all(
    fresh.map((connectionId) => findSecrets(database, { connectionId, known: undefined })),
  );
  const opened = await inParallel(reads, async (n) => {
    const where = { keyring, connectionId: fresh[n % fresh.length] };
    const row = rows[n % fresh.length];
    await openCredentials(row.credentials, where);
    await openToken(row.token, where);
  });
  printFigure(`credential read, cached, ${atOnce} at once`, perSecond(cachedRate));
  printFigure(`credential read, cold, ${atOnce} at once`, perSecond(coldRate));
  printFigure('of that: the lookup with the secrets', perSecond(lookups));
  printFigure('of that: decrypting and checking both secrets', perSecond(opened));

  for (let n = 0; n < total; n += 1) await connect(prompt, `due-${n}`, { expiresInMs: 3_600_000, isDue: true });
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const loop = createRefreshLoop(createContext(), { log: logger });
  const startedAt = performance.now();
  const renewed = await loop.tick();
  const seconds = (performance.now() - startedAt) / 1_000;
  clearInterval(watch);
  if (renewed !== total) throw new Error(`${renewed} of ${total} connections were taken.`);
  const { count } = await database
    .selectFrom('connections')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('token_version', '=', 2)
    .executeTakeFirstOrThrow();
  if (Number(count) !== total) throw new Error(`${count} of ${total} connections were renewed.`);
  const name = `${total.toLocaleString('en')} connections due`;
  printFigure(`${name}: renewed`, `${seconds.toFixed(1)} s, ${perSecond(total / seconds)}`);
  printFigure(`${name}: memory`, `+${Math.round((most - before) / 2 ** 20)} MB at most`);

  for (let n = 0; n < 200; n += 1) await connect(hanging, `hanging-${n}`, { expiresInMs: -1, isDue: true });
  const due = [];
  for (let n = 0; n < 200; n += 1) due.push(await connect(prompt, `beside-${n}`, { expiresInMs: -1, isDue: false }));
  const shared = createContext();
  const hangingLoop = createRefreshLoop(shared, { log: logger });
  hangingLoop.start();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const beside = createCredentialSource(shared);
  const latencies = [];
  for (const connectionId of due) {
    const begun = performance.now();
    await beside.getActiveCredential(connectionId);
    latencies.push(performance.now() - begun);
  }
  printFigure('renewals while 200 of another provider hang', describeLatencies(latencies));
  await hangingLoop.stop();
} finally {
  endpoint.disconnect();
  await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
  await postgres.stop();
  await rm(dataDirectory, { recursive: true });
}
// Requests that hang still are not waited for.
process.exit();
