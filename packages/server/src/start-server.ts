import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createCaptureStore } from './captures/capture-store.ts';
import { createClosingStack } from './closing-stack.ts';
import type { ServerConfig } from './config/parse-config.ts';
import { readSecrets } from './config/read-secrets.ts';
import { writeServerFile } from './config/server-file.ts';
import { createConnectSweeper } from './connect/sweep-connect.ts';
import { ensureConfiguredKey } from './credentials/api-keys/ensure-configured-key.ts';
import { generateApiKey } from './credentials/api-keys/generate-api-key.ts';
import { createCredentialSource } from './credentials/credential-source.ts';
import { createConnectionContext } from './credentials/connection-context.ts';
import { createHookedAccess } from './credentials/hooks/create-hooked-access.ts';
import { createHookRunner } from './credentials/hooks/run-hook.ts';
import { createProviderAccess } from './credentials/create-provider-access.ts';
import { createRefreshLoop } from './credentials/refresh-loop.ts';
import { openDataKeyring } from './credentials/encryption/open-data-keyring.ts';
import { ensureEnvironment } from './deployments/ensure-environment.ts';
import { createRollbacks } from './deployments/rollback/create-rollbacks.ts';
import { createManifestSource } from './deployments/manifest-source.ts';
import { createEnvironmentSweeper } from './environments/sweep-environments.ts';
import { createIntegrationValues } from './integrations/integration-values.ts';
import { createRequestValues } from './integrations/request-values.ts';
import { createNotifications } from './engine/notifications/notifications.ts';
import { createRunService } from './engine/run-service.ts';
import { readBundle } from './engine/runs/queries/read-bundle.ts';
import { buildApp } from './http/build-app.ts';
import { listen } from './http/listen.ts';
import { startSecurity } from './start-security.ts';
import { openDatabase } from './open-database.ts';
import { applyActiveViews } from './records/views/apply-active-views.ts';
import { createRecordDecisions } from './records/record-decisions.ts';
import { createRecordStore } from './records/record-store.ts';
import { readVariable } from './variables/read-variable.ts';
import { packageRoot } from './package-root.ts';
import { createRetention } from './retention/create-retention.ts';
import { retentionRules } from './retention/retention-rules.ts';
import { createDeliverer } from './webhooks/deliveries/deliverer.ts';
import { createDeliverySender } from './webhooks/deliveries/create-delivery-sender.ts';
import { createWorkerPool } from './workers/worker-pool.ts';

export interface RunningServer {
  /** For clients on this machine. */
  readonly url: string;
  readonly version: string;
  /** Answers what is in flight, gives runs their grace, and closes everything that was opened. */
  stop(): Promise<void>;
}

/** Less than the ten seconds after which `docker stop` kills. */
const graceMs = 8_000;

/** A script's own heap, as a share of what its whole process may use. */
const heapShare = 0.75;

/** Hooks mostly wait for a provider, and no process is started before the first one is called. */
const mostHookWorkers = 2;

/**
 * Composes the server and starts it; on a failure everything that was opened is closed again.
 * @param options.signal aborts the start, not the running server
 * @throws TenonError of the room that could not start; `port_taken`, `data_directory_in_use`, `database_unreachable`
 */
export async function startServer(
  config: ServerConfig,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): Promise<RunningServer> {
  const stack = createClosingStack((part, error) => logger.error({ err: error, part }, 'could not be closed'));
  try {
    const url = await open(config, { logger, signal, stack });
    return { url, version, stop: () => stack.close() };
  } catch (error) {
    await stack.close();
    signal.throwIfAborted();
    throw error;
  }
}

async function open(
  config: ServerConfig,
  { logger, signal, stack }: { logger: Logger; signal: AbortSignal; stack: ReturnType<typeof createClosingStack> },
): Promise<string> {
  const { database, pool } = await openDatabase(config, { logger, stack, signal });
  signal.throwIfAborted();
  const secrets = await readSecrets(config, generateApiKey);
  const environmentId = await ensureEnvironment(database, config.environment);
  await applyActiveViews(database, environmentId);
  const keyring = await openDataKeyring({
    database,
    masterKeys: [secrets.encryptionKey, ...config.previousEncryptionKeys],
  });
  await ensureConfiguredKey(database, { environmentId, key: secrets.apiKey });
  const notifications = createNotifications({ pool, log: logger });
  stack.defer('notifications', () => notifications.close());

  const engineAccess = createProviderAccess({ allowPrivateAddresses: config.allowPrivateAddresses });
  stack.defer('provider connections', () => engineAccess.close());
  const workerLimits = {
    heapLimitMb: Math.round(config.workerMemoryMb * heapShare),
    rssLimitMb: config.workerMemoryMb,
    allowPrivateAddresses: config.allowPrivateAddresses,
    // A new process runs its first hundred short runs at half the speed, until V8 has compiled what is hot.
    maxRunsPerWorker: 1_000,
    maxWorkerAgeMs: 3_600_000,
    logger,
    clock: { now: Date.now },
  };
  const hookWorkers = createWorkerPool({ ...workerLimits, size: Math.min(config.workers, mostHookWorkers) });
  stack.defer('workers of hooks', () => hookWorkers.stop());
  const loadBundle = (hash: string): Promise<string> => readBundle(database, hash);
  const access = createHookedAccess(engineAccess, {
    hooks: createHookRunner({ workers: hookWorkers, loadBundle, log: logger }),
    now: Date.now,
  });
  let listeningUrl = '';
  const connections = createConnectionContext(
    {
      database,
      keyring,
      integrations: createIntegrationValues({ database, keyring, serverVariables: config.variables }),
      publicUrl: () => config.publicUrl ?? listeningUrl,
      manifests: createManifestSource(database),
      access,
      now: Date.now,
    },
    { log: logger },
  );
  stack.defer('renewals of tokens', () => connections.renewals.stop({ graceMs }));
  const refreshes = createRefreshLoop(connections, { log: logger });
  stack.defer('background refreshes', () => refreshes.stop());
  const sender = createDeliverySender({ allowPrivateAddresses: config.allowPrivateAddresses });
  stack.defer('webhook connections', () => sender.close());
  const webhooks = createDeliverer({
    database,
    keyring,
    notifications,
    sender,
    log: logger,
    now: Date.now,
    random: Math.random,
  });
  stack.defer('webhooks', () => webhooks.stop());
  const workers = createWorkerPool({
    ...workerLimits,
    size: config.workers,
  });
  stack.defer('workers', () => workers.stop());
  const runs = createRunService({
    database,
    pool,
    notifications,
    ports: {
      workers,
      captures: createCaptureStore({ database, keyring, days: config.captureDays, now: Date.now }),
      records: createRecordStore({ now: Date.now, keepHistory: config.historyDays > 0 }),
      ...createCredentialSource(connections),
      ...createRequestValues(connections),
      readVariable: (variable) => readVariable({ database, keyring, serverVariables: config.variables }, variable),
    },
    log: logger,
    settings: { concurrency: config.workers, soleOwner: config.databaseUrl === undefined },
  });
  const connect = { connections, log: logger };
  const sweeper = createConnectSweeper(connect);
  stack.defer('connect sessions', () => sweeper.stop());
  const retention = createRetention({ database, rules: retentionRules(config), log: logger, now: Date.now });
  stack.defer('retention', () => retention.stop());
  const environments = createEnvironmentSweeper({ database, runs, log: logger, now: Date.now });
  stack.defer('deleted environments', () => environments.stop());
  const security = await startSecurity(config, { database, keyring, notifications, logger, stack });
  const history = { database, now: Date.now, keepHistory: config.historyDays > 0 };
  const records = createRecordDecisions(history);
  const rollbacks = createRollbacks(history);
  const app = buildApp({
    database,
    connections,
    connect,
    runs,
    records,
    rollbacks,
    environments,
    security,
    logger,
    version,
  });
  // Together: requests in flight wait for their runs, and runs for nobody.
  stack.defer('requests and runs', async () => {
    const lateTimer = setTimeout(() => app.server.closeAllConnections(), graceMs + 1_000);
    await Promise.allSettled([app.close(), runs.stop({ graceMs })]);
    clearTimeout(lateTimer);
  });

  signal.throwIfAborted();
  const url = await listen(app, config);
  listeningUrl = url;
  await runs.start();
  sweeper.start();
  retention.start();
  environments.start();
  refreshes.start();
  await webhooks.start();
  workers.warmUp();
  // In the background: syncs of such an environment begin when it is done.
  void rollbacks.resume().catch((error: unknown) => {
    logger.error({ err: error }, 'a rollback that was interrupted could not go on; ask for it again');
  });
  signal.throwIfAborted();
  // With a database of its own, this is the only server of the data directory.
  if (config.databaseUrl === undefined) {
    stack.defer('server.json', await writeServerFile(config.dataDirectory, { url, pid: process.pid, version }));
  }
  return url;
}

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
