import { sql, type Kysely } from 'kysely';

/** Everything of connecting accounts: renewal of tokens, connect sessions, variables, keys, webhooks, the audit log. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // token_version: compared and swapped by whoever stores a token, so that a late answer never overwrites a newer one.
  // refresh_started_at: set before a provider is asked, so that a process that dies meanwhile leaves a trace.
  `alter table connections
    add column token_version integer not null default 0,
    add column refreshed_at timestamptz,
    add column refresh_at timestamptz,
    add column refresh_started_at timestamptz,
    add column refresh_expires_at timestamptz,
    add column expiry jsonb,
    add column problem jsonb,
    add column scopes text[],
    add column end_user jsonb`,
  `create index connections_refresh on connections (refresh_at) where refresh_at is not null`,
  // What a connection's state says, beside the schedule: the scheduler walks along one index, whatever else is due.
  `alter table syncs add column waits_for text`,
  `drop index syncs_due`,
  `create index syncs_due on syncs (next_run_at) where next_run_at is not null and not paused and waits_for is null`,
  `alter table api_keys
    add column scopes text[] not null default array['admin'],
    add column last_used_at timestamptz,
    add column configured boolean not null default false`,
  // Until now a server knew no keys but those that it was configured with.
  `update api_keys set configured = true`,
  // A key of the data, encrypted with the server's own key (TENON_ENCRYPTION_KEY). The id is the first four bytes of
  // the SHA-256 of the key, which each envelope carries.
  `create table data_keys (
    id bytea primary key,
    wrapped bytea not null,
    created_at timestamptz not null default now()
  )`,
  `create table variables (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    name text not null,
    value bytea not null,
    updated_at timestamptz not null default now(),
    unique (environment_id, name)
  )`,
  `create table connect_sessions (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    token_hash bytea not null unique,
    request jsonb not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
  )`,
  // One way of a browser to a provider and back. state and browser are hashes: a dump of them opens nothing.
  `create table connect_attempts (
    id uuid primary key,
    row_id bigint generated always as identity unique,
    session_id bigint not null references connect_sessions on delete cascade,
    environment_id integer not null references environments on delete cascade,
    integration text not null,
    connection text not null,
    config jsonb not null,
    settings jsonb,
    state_hash bytea not null unique,
    browser_hash bytea not null,
    pending bytea,
    status text not null default 'pending',
    error jsonb,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    claimed_at timestamptz,
    finished_at timestamptz
  )`,
  `create index connect_attempts_by_session on connect_attempts (session_id)`,
  `create index connect_attempts_expired on connect_attempts (expires_at)`,
  `create index connect_sessions_expired on connect_sessions (expires_at)`,
  `create table webhook_endpoints (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    url text not null,
    events text[] not null,
    description text,
    secret bytea not null,
    previous_secret bytea,
    previous_secret_expires_at timestamptz,
    disabled boolean not null default false,
    created_at timestamptz not null default now()
  )`,
  `create table webhook_events (
    id uuid primary key,
    environment_id integer not null references environments on delete cascade,
    type text not null,
    data jsonb not null,
    created_at timestamptz not null default now()
  )`,
  `create index webhook_events_by_environment on webhook_events (environment_id, id)`,
  // The outbox: a row for each endpoint that an event goes to, written in the transaction of what it tells.
  `create table webhook_deliveries (
    id bigint generated always as identity primary key,
    event_id uuid not null references webhook_events on delete cascade,
    endpoint_id bigint not null references webhook_endpoints on delete cascade,
    status text not null default 'pending',
    attempts integer not null default 0,
    next_attempt_at timestamptz,
    last_status integer,
    last_error text,
    created_at timestamptz not null default now(),
    delivered_at timestamptz
  )`,
  `create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'pending'`,
  `create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, id)`,
  `create table audit_log (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    at timestamptz not null default now(),
    actor_kind text not null,
    actor_id text,
    actor_name text,
    action text not null,
    subject text,
    details jsonb not null,
    address text,
    request_id text
  )`,
  `create index audit_log_by_environment on audit_log (environment_id, id)`,
];
