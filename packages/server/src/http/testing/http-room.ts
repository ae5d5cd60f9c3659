import type { FastifyInstance, InjectOptions } from 'fastify';
import { createApiKeyDirectory } from '../../credentials/api-keys/api-key-directory.ts';
import { ensureApiKey } from '../../credentials/api-keys/ensure-api-key.ts';
import { createKeyRotator } from '../../credentials/encryption/key-rotator.ts';
import { createCredentialSource } from '../../credentials/credential-source.ts';
import { openCredentialRoom, type CredentialRoom } from '../../credentials/testing/credential-room.ts';
import { goodApiKey } from '../../credentials/testing/sample-provider-server.ts';
import { createRequestValues } from '../../integrations/request-values.ts';
import { ensureEnvironment } from '../../deployments/ensure-environment.ts';
import type { Sweeper } from '../../create-sweeper.ts';
import { createEnvironmentSweeper } from '../../environments/sweep-environments.ts';
import { createNotifications } from '../../engine/notifications/notifications.ts';
import { createRunService, type RunService } from '../../engine/run-service.ts';
import { createLogger } from '../../logging/create-logger.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { readVariable } from '../../variables/read-variable.ts';
import { createRollbacks } from '../../deployments/rollback/create-rollbacks.ts';
import { createRecordDecisions } from '../../records/record-decisions.ts';
import { createCaptureStore } from '../../captures/capture-store.ts';
import { createRecordStore } from '../../records/record-store.ts';
import { buildApp } from '../build-app.ts';
import { createDeviceLoginLimits } from '../middleware/rate-limit/device-login-limits.ts';
import type { SecurityContext } from '../security-context.ts';

export const devKey = 'tnn_dev_key_of_thirty_two_characters';
export const otherKey = 'tnn_other_environment_key_of_its_own';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  readonly body: unknown;
}

export interface HttpRoom {
  readonly app: FastifyInstance;
  readonly room: CredentialRoom;
  readonly runs: RunService;
  readonly environments: Sweeper;
  /** What the server logged, a line each. */
  readonly log: string[];
  /** Sends a request with the key of dev, unless headers say otherwise. */
  call(method: string, url: string, options?: CallOptions): Promise<Answer>;
  /** Connects an account of the sample provider. */
  connect(name: string): Promise<void>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly payload?: unknown;
  readonly headers?: Record<string, string>;
}

/**
 * The whole app on a database, with two environments. The pool of processes is replaced, since what a script does is
 * not what is tested here: `execute` is the script.
 */
export async function openHttpRoom(
  execute: WorkerPool['execute'] = echoInput,
  {
    publicUrl,
    workers,
    ...security
  }: Partial<SecurityContext> & { publicUrl?: () => string; workers?: Pick<WorkerPool, 'execute'> } = {},
): Promise<HttpRoom> {
  const room = await openCredentialRoom({ workers, ...(publicUrl && { publicUrl }) });
  const { database } = room.context;
  await ensureApiKey(database, { environmentId: room.environmentId, key: devKey, name: 'initial' });
  const otherId = await ensureEnvironment(database, 'other');
  await ensureApiKey(database, { environmentId: otherId, key: otherKey, name: 'initial' });
  const log: string[] = [];
  const logger = createLogger({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  const notifications = createNotifications({ pool: room.pool, log: logger });
  const apiKeys = createApiKeyDirectory({ database, notifications, now: room.context.now });
  await apiKeys.start();
  const encryption = createKeyRotator({ database, keyring: room.keyring, notifications, log: logger });
  const runs = createRunService({
    database,
    pool: room.pool,
    notifications,
    log: logger,
    settings: { concurrency: 2, soleOwner: false },
    ports: {
      workers: { execute },
      captures: createCaptureStore({ database, keyring: room.keyring, days: 7, now: Date.now }),
      records: createRecordStore({ now: Date.now }),
      ...createCredentialSource(room.context),
      ...createRequestValues(room.context),
      readVariable: (variable) =>
        readVariable({ database, keyring: room.context.keyring, serverVariables: {} }, variable),
    },
  });
  const environments = createEnvironmentSweeper({ database, runs, log: logger, now: room.context.now });
  const app = buildApp({
    database,
    environments,
    connections: room.context,
    connect: { connections: room.context, log: logger },
    runs,
    records: createRecordDecisions({ database, now: room.context.now, keepHistory: true }),
    rollbacks: createRollbacks({ database, now: room.context.now, keepHistory: true }),
    security: {
      apiKeys,
      encryption,
      // Tests of the whole are one address that is refused all the time.
      limits: { requestsPerSecond: 0, failedKeysPerMinute: 0 },
      // A clock that runs: every code that a test tries is the first one in an hour.
      deviceLogins: createDeviceLoginLimits(createLeapingClock()),
      trustProxy: false,
      servesHttps: () => false,
      ...security,
    },
    logger,
    version: '0.0.0-test',
  });

  async function call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
    const answer = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: { authorization: `Bearer ${devKey}`, ...options.headers },
      ...(options.payload === undefined ? {} : { payload: options.payload as NonNullable<InjectOptions['payload']> }),
    });
    const text = answer.payload;
    const isText = String(answer.headers['content-type']).startsWith('text/plain');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      body: text === '' || isText ? undefined : (JSON.parse(text) as unknown),
    };
  }

  return {
    app,
    room,
    runs,
    environments,
    log,
    call,
    async connect(name) {
      const credentials = { mode: 'api_key', values: { apiKey: goodApiKey } };
      const answer = await call('POST', '/v1/connections', {
        payload: { integration: 'tracker', id: name, credentials },
      });
      if (answer.status !== 201) throw new Error(`The connection was refused: ${answer.text}`);
    },
    async close() {
      await app.close();
      await environments.stop();
      await runs.stop({ graceMs: 0 });
      await encryption.stop();
      await apiKeys.stop();
      await notifications.close();
      await room.close();
    },
  };
}

const echoInput: WorkerPool['execute'] = async ({ start }) => ({
  status: 'succeeded',
  output: start.action?.input,
});

function createLeapingClock(): () => number {
  let nowMs = 0;
  return () => (nowMs += 3_600_000);
}
