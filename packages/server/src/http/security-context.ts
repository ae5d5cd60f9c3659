import type { ApiKeyDirectory } from '../credentials/api-keys/api-key-directory.ts';
import type { KeyRotator } from '../credentials/encryption/key-rotator.ts';
import type { DeviceLoginLimits } from './middleware/rate-limit/device-login-limits.ts';

/** Who may do what, and how often. */
export interface SecurityContext {
  readonly apiKeys: ApiKeyDirectory;
  readonly encryption: Pick<KeyRotator, 'rotate' | 'describe'>;
  readonly limits: {
    /** Of one API key; 0: no limit. */
    readonly requestsPerSecond: number;
    /** Of one address; 0: no limit. */
    readonly failedKeysPerMinute: number;
  };
  readonly deviceLogins: DeviceLoginLimits;
  /** Fastify's `trustProxy`. */
  readonly trustProxy: boolean | string[] | ((address: string, hop: number) => boolean);
  /** Whether browsers reach the server by https. */
  readonly servesHttps: () => boolean;
}
