import type { Generated } from 'kysely';
import type { ApiScope } from '@tenon/runtime/contract';
import type { Timestamp } from './column-types.ts';

export interface DeviceLoginsTable {
  id: Generated<number>;
  /** SHA-256 of the device code. */
  device_hash: Buffer;
  user_code: string;
  host_name: string;
  address: string;
  /** What counts as one client. */
  network: string;
  /** Asked for; once it is approved: given. */
  scopes: ApiScope[];
  expires_in_days: number;
  status: Generated<'pending' | 'approved' | 'denied' | 'collected'>;
  interval_seconds: number;
  asked_at: Timestamp | null;
  approver_key_id: number | null;
  created_at: Timestamp;
  expires_at: Timestamp;
}
