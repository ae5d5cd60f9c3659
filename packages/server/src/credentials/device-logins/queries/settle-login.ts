import type { Kysely } from 'kysely';
import type { ApiScope } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/** Decides about a login that nobody has decided about. @returns false when somebody was faster, or it is too late */
export async function settleLogin(
  database: Kysely<Schema>,
  decision: { id: number; status: 'approved' | 'denied'; scopes?: ApiScope[]; keyId: number; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('device_logins')
    .set({
      status: decision.status,
      approver_key_id: decision.keyId,
      ...(decision.scopes !== undefined && { scopes: decision.scopes }),
    })
    .where('id', '=', decision.id)
    .where('status', '=', 'pending')
    .where('expires_at', '>', decision.now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
