import { z } from 'zod';
import { credentialsSchema, providerTokenSchema, type Credentials } from '@tenon/runtime/provider';
import { decrypt, encrypt } from './envelope.ts';
import type { Keyring } from './keyring.ts';

/** The token last obtained for a connection, as it is kept. */
const storedTokenSchema = providerTokenSchema.extend({ obtainedAtMs: z.number() });
export type StoredToken = z.infer<typeof storedTokenSchema>;

interface Where {
  readonly keyring: Keyring;
  readonly connectionId: number;
}

export function sealCredentials(credentials: Credentials, where: Where): Buffer {
  return encrypt(JSON.stringify(credentials), { keyring: where.keyring, place: placeOf('credentials', where) });
}

/** @throws TenonError `decryption_failed` */
export async function openCredentials(envelope: Buffer, where: Where): Promise<Credentials> {
  const text = await decrypt(envelope, { keyring: where.keyring, place: placeOf('credentials', where) });
  return credentialsSchema.parse(JSON.parse(text));
}

export function sealToken(token: StoredToken, where: Where): Buffer {
  return encrypt(JSON.stringify(token), { keyring: where.keyring, place: placeOf('token', where) });
}

/** @throws TenonError `decryption_failed` */
export async function openToken(envelope: Buffer, where: Where): Promise<StoredToken> {
  const text = await decrypt(envelope, { keyring: where.keyring, place: placeOf('token', where) });
  return storedTokenSchema.parse(JSON.parse(text));
}

function placeOf(column: 'credentials' | 'token', { connectionId }: Where) {
  return { table: 'connections', column, row: connectionId };
}
