import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepLocalSecret } from './keep-local-secret.ts';
import type { ServerConfig } from './parse-config.ts';

export interface ServerSecrets {
  /** 32 bytes. */
  readonly encryptionKey: Buffer;
  readonly apiKey: string;
}

/**
 * The secrets that the environment names; those that it doesn't are generated once into the data directory, where
 * the CLI of the same user finds them.
 * @param generateApiKey makes a key as the API wants it
 * @throws TenonError `server_config_invalid`
 */
export async function readSecrets(
  { encryptionKey, apiKey, dataDirectory }: Pick<ServerConfig, 'encryptionKey' | 'apiKey' | 'dataDirectory'>,
  generateApiKey: () => string,
): Promise<ServerSecrets> {
  return {
    encryptionKey: encryptionKey ?? (await keepEncryptionKey(join(dataDirectory, 'encryption-key'))),
    apiKey:
      apiKey ??
      (await keepLocalSecret(join(dataDirectory, 'api-key'), {
        generate: generateApiKey,
        isValid: (key) => /^\S{32,200}$/.test(key),
      })),
  };
}

async function keepEncryptionKey(file: string): Promise<Buffer> {
  const text = await keepLocalSecret(file, {
    generate: () => randomBytes(32).toString('base64'),
    isValid: (key) => Buffer.from(key, 'base64').length === 32,
  });
  return Buffer.from(text, 'base64');
}
