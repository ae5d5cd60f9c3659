import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { ClosingStack } from './closing-stack.ts';
import type { ServerConfig } from './config/parse-config.ts';
import { createApiKeyDirectory } from './credentials/api-keys/api-key-directory.ts';
import { createKeyRotator } from './credentials/encryption/key-rotator.ts';
import type { DataKeyring } from './credentials/encryption/open-data-keyring.ts';
import type { Schema } from './database/schema.ts';
import type { Notifications } from './engine/notifications/notifications.ts';
import { createDeviceLoginLimits } from './http/middleware/rate-limit/device-login-limits.ts';
import type { SecurityContext } from './http/security-context.ts';

/** Guesses of one address in a minute; a person who pastes the wrong key does not notice. */
const failedKeysPerMinute = 30;

/** Starts what keeps keys and the audit log in order beside the requests. */
export async function startSecurity(
  config: Pick<ServerConfig, 'rateLimit' | 'trustProxy' | 'publicUrl'>,
  parts: {
    database: Kysely<Schema>;
    keyring: DataKeyring;
    notifications: Notifications;
    logger: Logger;
    stack: ClosingStack;
  },
): Promise<SecurityContext> {
  const { database, keyring, notifications, logger, stack } = parts;
  const apiKeys = createApiKeyDirectory({ database, notifications, now: Date.now });
  await apiKeys.start();
  stack.defer('API keys', () => apiKeys.stop());
  const encryption = createKeyRotator({ database, keyring, notifications, log: logger });
  await encryption.start();
  stack.defer('key rotation', () => encryption.stop());
  const { trustProxy } = config;
  const https = config.publicUrl?.startsWith('https:') ?? false;
  return {
    apiKeys,
    encryption,
    limits: { requestsPerSecond: config.rateLimit, failedKeysPerMinute },
    deviceLogins: createDeviceLoginLimits(Date.now),
    trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : trustProxy,
    servesHttps: () => https,
  };
}
