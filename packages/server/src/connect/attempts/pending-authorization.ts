import type { StartedAuthorization } from '@tenon/runtime/tokens';
import { z } from 'zod';
import { decrypt, encrypt } from '../../credentials/envelope.ts';
import type { Keyring } from '../../credentials/keyring.ts';

const startedSchema = z.object({ url: z.string(), pending: z.record(z.string(), z.string()) });

interface Where {
  readonly keyring: Keyring;
  readonly rowId: number;
}

/** The address is sealed with the rest: it holds the state, which is kept as a hash otherwise. */
export function sealStarted({ url, pending }: StartedAuthorization, where: Where): Buffer {
  return encrypt(JSON.stringify({ url, pending }), { keyring: where.keyring, place: placeOf(where) });
}

/** @throws TenonError `decryption_failed` */
export async function openStarted(envelope: Buffer, where: Where): Promise<StartedAuthorization> {
  return startedSchema.parse(JSON.parse(await decrypt(envelope, { keyring: where.keyring, place: placeOf(where) })));
}

function placeOf({ rowId }: Where) {
  return { table: 'connect_attempts', column: 'pending', row: rowId };
}
