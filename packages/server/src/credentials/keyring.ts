import { createHash } from 'node:crypto';

export interface EncryptionKey {
  /** First 4 bytes of SHA-256 of the key: says which key an envelope needs without telling anything about it. */
  readonly id: Buffer;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** The key that encrypts, and every key that still decrypts. */
export interface Keyring {
  readonly current: EncryptionKey;
  /** May have to look for a key that another process made meanwhile. */
  find(id: Buffer): Promise<EncryptionKey | undefined>;
}

/** @param keys 32 bytes each; the first encrypts, the others only decrypt what was written before a rotation */
export function createKeyring(...keys: readonly [Buffer, ...Buffer[]]): Keyring {
  const current = toKey(keys[0]);
  const known = [current, ...keys.slice(1).map(toKey)];
  return { current, find: (id) => Promise.resolve(known.find((key) => key.id.equals(id))) };
}

/** @throws RangeError when it has not 32 bytes */
export function toKey(bytes: Buffer): EncryptionKey {
  if (bytes.length !== 32) throw new RangeError('An encryption key has 32 bytes.');
  return { id: createHash('sha256').update(bytes).digest().subarray(0, 4), bytes };
}
