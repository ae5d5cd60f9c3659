import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { pino } from 'pino';
import type { Manifest } from '@tenon/runtime/contract';
import { providerSchema } from '@tenon/runtime/provider';
import { createTestDatabase } from '../../database/testing/create-test-database.ts';
import { ensureEnvironment } from '../../deployments/ensure-environment.ts';
import { createManifestSource } from '../../deployments/manifest-source.ts';
import { insertDeployment } from '../../deployments/storage/insert-deployment.ts';
import { setActiveVersion } from '../../deployments/storage/set-active-version.ts';
import { sampleManifest } from '../../deployments/testing/sample-manifest.ts';
import { createConnectionContext, type ConnectionContext } from '../connection-context.ts';
import type { RenewalOptions } from '../tokens/token-renewals.ts';
import { readBundle } from '../../engine/runs/queries/read-bundle.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { createHookedAccess } from '../hooks/create-hooked-access.ts';
import { createHookRunner } from '../hooks/run-hook.ts';
import { createIntegrationValues } from '../../integrations/integration-values.ts';
import { createProviderAccess } from '../create-provider-access.ts';
import { openDataKeyring, type DataKeyring } from '../encryption/open-data-keyring.ts';
import { startSampleProvider, type SampleProviderServer } from './sample-provider-server.ts';

export interface CredentialRoom {
  readonly context: ConnectionContext;
  readonly provider: SampleProviderServer;
  readonly keyring: DataKeyring;
  readonly pool: Pool;
  readonly environmentId: number;
  /** Makes another version the active one. */
  deploy(environmentId: number, manifest: Manifest): Promise<void>;
  /** For other processes on the same database. */
  readonly connectionString: string;
  readonly encryptionKey: Buffer;
  /** As another server process on the same database has it. */
  createPeer(renewals?: RenewalOptions): ConnectionContext;
  /** Moves the room's clock on. */
  pass(ms: number): void;
  close(): Promise<void>;
}

/** A database with a deployed version, a real provider on the loopback interface and the real request engine. */
export async function openCredentialRoom(
  options: {
    tokenLifetimeSeconds?: number;
    more?: Pick<Manifest, 'integrations' | 'providers'>;
    publicUrl?: () => string;
    /** Where hooks of providers run. Default: there are none. */
    workers?: Pick<WorkerPool, 'execute'> | undefined;
  } = {},
): Promise<CredentialRoom> {
  const provider = await startSampleProvider(options);
  const store = await createTestDatabase();
  let passedMs = 0;
  const now = (): number => Date.now() + passedMs;
  const engineAccess = createProviderAccess({ allowPrivateAddresses: true, now });
  const { database } = store;
  const { workers } = options;
  const hooks =
    workers &&
    createHookRunner({ workers, loadBundle: (hash) => readBundle(database, hash), log: pino({ level: 'silent' }) });
  const access = hooks ? createHookedAccess(engineAccess, { hooks, now }) : engineAccess;
  const environmentId = await ensureEnvironment(database, 'dev');
  const manifest = connectableManifest(provider);
  const { integrations = [], providers = [] } = options.more ?? {};
  await deploy(environmentId, {
    ...manifest,
    integrations: [...manifest.integrations, ...integrations],
    providers: [...manifest.providers, ...providers],
  });
  const encryptionKey = randomBytes(32);
  const keyring = await openDataKeyring({ database, masterKeys: [encryptionKey] });
  const createPeer = (renewals: RenewalOptions = {}): ConnectionContext =>
    createConnectionContext(
      {
        database,
        keyring,
        access,
        integrations: createIntegrationValues({ database, keyring, serverVariables: {} }),
        publicUrl: options.publicUrl ?? (() => 'http://127.0.0.1:4600'),
        manifests: createManifestSource(database),
        now,
      },
      renewals,
    );

  async function deploy(environmentId: number, manifest: Manifest): Promise<void> {
    await database.transaction().execute(async (transaction) => {
      const version = await insertDeployment(transaction, { environmentId, manifest, message: null });
      await setActiveVersion(transaction, { environmentId, version, manifest });
    });
  }

  return {
    context: createPeer(),
    keyring,
    provider,
    pool: store.pool,
    environmentId,
    deploy,
    connectionString: store.connectionString,
    encryptionKey,
    createPeer,
    pass: (ms) => void (passedMs += ms),
    async close() {
      await engineAccess.close();
      await store.drop();
      await provider.close();
    },
  };
}

/** The sample manifest with two integrations that can be connected to the provider. */
export function connectableManifest(provider: SampleProviderServer): Manifest {
  return sampleManifest({
    integrations: [
      { name: 'tracker', provider: 'tracker' },
      { name: 'crm', provider: 'crm' },
    ],
    providers: [providerSchema.parse(provider.apiKeyProvider), providerSchema.parse(provider.clientProvider)],
  });
}
