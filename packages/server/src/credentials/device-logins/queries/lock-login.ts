import { sql, type Kysely } from 'kysely';
import type { ApiScope } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface LockedLogin {
  readonly id: number;
  readonly hostName: string;
  readonly scopes: ApiScope[];
  readonly expiresInDays: number;
  readonly status: 'pending' | 'approved' | 'denied' | 'collected';
  readonly intervalSeconds: number;
  readonly askedAt: Date | null;
  readonly expiresAt: Date;
  /** Whoever approved it; null: nobody has. */
  readonly approverId: number | null;
  readonly approverName: string | null;
  readonly approverScopes: ApiScope[] | null;
  readonly approverExpiresAt: Date | null;
  /** Whether the approver's key is still good. */
  readonly approverGood: boolean | null;
  readonly environmentId: number | null;
  readonly environment: string | null;
}

/** The login of a device code with who approved it, locked: two who ask at once collect one key. */
export async function lockLogin(
  database: Kysely<Schema>,
  { deviceHash, now }: { deviceHash: Buffer; now: Date },
): Promise<LockedLogin | undefined> {
  const { rows } = await sql<LockedLogin>`
    select l.id, l.host_name as "hostName", l.scopes, l.expires_in_days as "expiresInDays", l.status,
      l.interval_seconds as "intervalSeconds", l.asked_at as "askedAt", l.expires_at as "expiresAt",
      k.id as "approverId", k.name as "approverName", k.scopes as "approverScopes",
      k.expires_at as "approverExpiresAt",
      (k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})) as "approverGood",
      e.id as "environmentId", e.name as environment
    from device_logins l
      left join api_keys k on k.id = l.approver_key_id
      left join environments e on e.id = k.environment_id
    where l.device_hash = ${deviceHash}
    for update of l`.execute(database);
  return rows[0];
}
