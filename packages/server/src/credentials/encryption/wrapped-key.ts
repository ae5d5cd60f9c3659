import { TenonError } from '@tenon/runtime/errors';
import { decrypt, encrypt, type SecretPlace } from '../envelope.ts';
import { toKey, type EncryptionKey, type Keyring } from '../keyring.ts';

/** A data key as it lies in the database: in an envelope of the master key's, bound to its own id. */
export function wrapKey(key: EncryptionKey, master: Keyring): Buffer {
  return encrypt(key.bytes.toString('base64'), { keyring: master, place: placeOf(key.id) });
}

/** @throws TenonError `decryption_failed` */
export async function unwrapKey(
  { id, wrapped }: { id: Buffer; wrapped: Buffer },
  master: Keyring,
): Promise<EncryptionKey> {
  const place = placeOf(id);
  const key = toKey(Buffer.from(await decrypt(wrapped, { keyring: master, place }), 'base64'));
  if (key.id.equals(id)) return key;
  throw new TenonError('decryption_failed', `The data key ${id.toString('hex')} is not the one that its id names.`);
}

function placeOf(id: Buffer): SecretPlace {
  return { table: 'data_keys', column: 'wrapped', row: id.readUInt32BE() };
}
