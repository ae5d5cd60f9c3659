import type { PendingAuthorization } from '@tenon/runtime/tokens';
import { z } from 'zod';
import { decrypt, encrypt } from '../../credentials/envelope.ts';
import type { Keyring } from '../../credentials/keyring.ts';

const pendingSchema = z.record(z.string(), z.string());

interface Where {
  readonly keyring: Keyring;
  readonly rowId: number;
}

export function sealPending(pending: PendingAuthorization, where: Where): Buffer {
  return encrypt(JSON.stringify(pending), { keyring: where.keyring, place: placeOf(where) });
}

/** @throws TenonError `decryption_failed` */
export async function openPending(envelope: Buffer, where: Where): Promise<PendingAuthorization> {
  return pendingSchema.parse(JSON.parse(await decrypt(envelope, { keyring: where.keyring, place: placeOf(where) })));
}

function placeOf({ rowId }: Where) {
  return { table: 'connect_attempts', column: 'pending', row: rowId };
}
