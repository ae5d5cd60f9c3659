import { sql, type Kysely } from 'kysely';

/** Command lines that wait for somebody to let them have a key (RFC 8628). */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // No key is kept here: it is made when it is collected. The approver may be gone by then, and so has no foreign key
  // that would hold it; a login whose approver is gone is worth nothing.
  `create table device_logins (
    id bigint generated always as identity primary key,
    device_hash bytea not null unique,
    user_code text not null unique,
    host_name text not null,
    address text not null,
    network text not null,
    scopes text[] not null,
    expires_in_days integer not null,
    status text not null default 'pending' check (status in ('pending', 'approved', 'denied', 'collected')),
    interval_seconds integer not null,
    asked_at timestamptz,
    approver_key_id integer references api_keys on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index device_logins_by_network on device_logins (network)`,
  `create index device_logins_by_expiry on device_logins (expires_at)`,
];
