import { pino } from 'pino';
import { connectDatabase } from '../../database/connect-database.ts';
import { createManifestSource } from '../../deployments/manifest-source.ts';
import { createIntegrationValues } from '../../integrations/integration-values.ts';
import { createConnectionContext } from '../connection-context.ts';
import { createCredentialSource } from '../credential-source.ts';
import { createProviderAccess } from '../create-provider-access.ts';
import { openDataKeyring } from '../encryption/open-data-keyring.ts';

/** What a reading process is told, twice: where to connect, and then to begin. */
export type ReadingOrder =
  | { readonly type: 'open'; readonly connectionString: string; readonly encryptionKey: string }
  | { readonly type: 'read'; readonly connectionId: number; readonly reads: number };

export type ReadingAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'read'; readonly tokens: Record<string, number>; readonly failures: readonly string[] };

/** A server process as far as credentials go: it reads as often as it is told, all at once. */
let source: ReturnType<typeof createCredentialSource> | undefined;

async function open({ connectionString, encryptionKey }: Extract<ReadingOrder, { type: 'open' }>): Promise<void> {
  const { database } = await connectDatabase({
    connection: connectionString,
    poolSize: 6,
    logger: pino({ level: 'silent' }),
  });
  const keyring = await openDataKeyring({ database, masterKeys: [Buffer.from(encryptionKey, 'base64')] });
  const context = createConnectionContext({
    database,
    keyring,
    access: createProviderAccess({ allowPrivateAddresses: true }),
    integrations: createIntegrationValues({ database, keyring, serverVariables: {} }),
    publicUrl: () => 'http://127.0.0.1:4600',
    manifests: createManifestSource(database),
    now: Date.now,
  });
  source = createCredentialSource(context);
  answer({ type: 'opened' });
}

async function read({ connectionId, reads }: Extract<ReadingOrder, { type: 'read' }>): Promise<void> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: reads }, () => source?.getActiveCredential(connectionId)),
  );
  const tokens: Record<string, number> = {};
  const failures: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') failures.push(String(outcome.reason));
    else {
      const token = outcome.value?.fields['accessToken'] ?? '';
      tokens[token] = (tokens[token] ?? 0) + 1;
    }
  }
  answer({ type: 'read', tokens, failures });
}

function answer(what: ReadingAnswer): void {
  process.send?.(what);
}

process.on('message', (order: ReadingOrder) => void (order.type === 'open' ? open(order) : read(order)));
// A test that ends without a word takes it along.
process.on('disconnect', () => process.exit()); // oxlint-disable-line unicorn/no-process-exit -- a process of tests
