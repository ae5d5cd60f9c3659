import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TenonError } from '@tenon/runtime/errors';
import type { Keyring } from './keyring.ts';

/**
 * How a secret lies in the database:
 *
 *   version (1 byte, 1) | key id (4) | nonce (12) | ciphertext | tag (16)
 *
 * AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D section 8.2.2 allows 2^32 of them for a key; a token
 * renewed every second by 100 connections gets there after 1.4 years, so keys are to be rotated). The header and the
 * place of the secret (table, column, row) are authenticated with it: an envelope copied to another row does not open.
 */
const version = 1;
const headerBytes = 1 + 4 + 12;
const tagBytes = 16;

/** Where a secret is stored. */
export interface SecretPlace {
  readonly table: string;
  readonly column: string;
  readonly row: number;
}

export function encrypt(plaintext: string, options: { keyring: Keyring; place: SecretPlace }): Buffer {
  const { current } = options.keyring;
  const nonce = randomBytes(12);
  const header = Buffer.concat([Buffer.of(version), current.id, nonce]);
  const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(associatedData(header, options.place));
  return Buffer.concat([header, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @throws TenonError `decryption_failed`; neither it nor its cause holds any part of the secret */
export async function decrypt(envelope: Buffer, options: { keyring: Keyring; place: SecretPlace }): Promise<string> {
  if (envelope.length < headerBytes + tagBytes || envelope[0] !== version) {
    throw undecryptable(options.place, 'is not an envelope that this version writes');
  }
  const header = envelope.subarray(0, headerBytes);
  const key = await options.keyring.find(header.subarray(1, 5));
  if (!key) throw undecryptable(options.place, 'was encrypted with a key that this server does not have');
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, header.subarray(5), { authTagLength: tagBytes })
    .setAAD(associatedData(header, options.place))
    .setAuthTag(envelope.subarray(-tagBytes));
  try {
    const ciphertext = envelope.subarray(headerBytes, -tagBytes);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch {
    throw undecryptable(options.place, 'was changed, or moved from another row');
  }
}

function associatedData(header: Buffer, place: SecretPlace): Buffer {
  return Buffer.concat([header, Buffer.from(`${place.table}.${place.column}:${place.row}`)]);
}

function undecryptable(place: SecretPlace, why: string): TenonError {
  return new TenonError(
    'decryption_failed',
    `The secret in ${place.table}.${place.column}, row ${place.row}, ${why}.`,
    {
      hint: 'Start the server with the TENON_ENCRYPTION_KEY (or the data directory) that it was written with, or connect the account again.',
    },
  );
}
