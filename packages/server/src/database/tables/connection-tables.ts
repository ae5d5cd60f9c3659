import type { ColumnType, Generated } from 'kysely';
import type {
  ConnectionExpiry,
  ConnectionProblem,
  ConnectSessionRequest,
  EndUser,
  ErrorBody,
} from '@tenon/runtime/contract';
import type { CreatedAt, Json, Timestamp } from './column-types.ts';

export interface ConnectionsTable {
  id: Generated<number>;
  environment_id: number;
  integration: string;
  /** The app's own name of the customer's account. */
  name: string;
  auth_mode: string;
  state: Generated<'active' | 'auth_failed'>;
  config: Json<Record<string, string>>;
  /** Envelope: key id, nonce, AES-256-GCM ciphertext and tag over the credentials as JSON; null: it is borrowed. */
  credentials: Buffer | null;
  /** The same envelope over the token last obtained with them; null where the mode has none. */
  token: Buffer | null;
  token_expires_at: Timestamp | null;
  /** Grows with every token that is stored. */
  token_version: Generated<number>;
  refreshed_at: Timestamp | null;
  /** When the server renews the token of itself, or looks after a refresh token that lies idle. */
  refresh_at: Timestamp | null;
  /** Set while a provider is asked for a new token. */
  refresh_started_at: Timestamp | null;
  refresh_expires_at: Timestamp | null;
  /** When the connection ends by itself, as was known when the token was stored. */
  expiry: ColumnType<ConnectionExpiry | null, string | null, string | null>;
  problem: ColumnType<ConnectionProblem | null, string | null, string | null>;
  scopes: string[] | null;
  end_user: ColumnType<EndUser | null, string | null, string | null>;
  settings: Json<Record<string, unknown>>;
  metadata: Json<Record<string, unknown>>;
  /** Of a borrowed one: the connection of the parent whose credentials, token, config and state count for it. */
  lender_id: number | null;
  created_at: CreatedAt;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ConnectSessionsTable {
  id: Generated<number>;
  environment_id: number;
  token_hash: Buffer;
  /** As the app asked for it. */
  request: Json<ConnectSessionRequest>;
  created_at: CreatedAt;
  expires_at: Timestamp;
}

export interface ConnectAttemptsTable {
  id: string;
  /** The place of its envelope. */
  row_id: Generated<number>;
  session_id: number;
  environment_id: number;
  integration: string;
  connection: string;
  config: Json<Record<string, string>>;
  settings: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  state_hash: Buffer;
  /** Of the cookie of the browser that was sent away. */
  browser_hash: Buffer;
  /** Envelope over the provider's address and what is needed when the browser comes back; null when it is over. */
  pending: Buffer | null;
  status: Generated<'pending' | 'succeeded' | 'failed'>;
  error: ColumnType<ErrorBody['error'] | null, string | null, string | null>;
  created_at: CreatedAt;
  expires_at: Timestamp;
  /** When the browser came back: its code is exchanged once, whatever comes after. */
  claimed_at: Timestamp | null;
  finished_at: Timestamp | null;
}
