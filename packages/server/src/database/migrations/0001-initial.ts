import { sql, type Kysely } from 'kysely';

/** Everything of the first light: environments, deployments, connections, records, syncs and runs. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `create table environments (
    id integer generated always as identity primary key,
    name text not null unique,
    active_version integer not null default 0,
    created_at timestamptz not null default now()
  )`,
  `create table api_keys (
    id integer generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    name text not null,
    prefix text not null,
    hash bytea not null unique,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
  )`,
  `create table bundles (
    hash text primary key,
    code text not null,
    created_at timestamptz not null default now()
  )`,
  `create table deployments (
    environment_id integer not null references environments on delete cascade,
    version integer not null,
    manifest jsonb not null,
    message text,
    created_at timestamptz not null default now(),
    primary key (environment_id, version)
  )`,
  `create table connections (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    integration text not null,
    name text not null,
    auth_mode text not null,
    state text not null default 'active',
    config jsonb not null,
    credentials bytea not null,
    token bytea,
    token_expires_at timestamptz,
    settings jsonb not null,
    metadata jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (environment_id, integration, name)
  )`,
  `create table datasets (
    id bigint generated always as identity primary key,
    connection_id bigint not null references connections on delete cascade,
    model text not null,
    position bigint not null default 0,
    unique (connection_id, model)
  )`,
  // No foreign key to datasets: it would cost a lock and a look-up for every row of every page. The data is json, not
  // jsonb: it arrives in canonical form, and reading it back is a copy where jsonb is printed anew (10 us a record).
  `create table records (
    dataset_id bigint not null,
    external_id text not null,
    data json not null,
    hash bytea not null,
    position bigint not null,
    added_position bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (dataset_id, external_id)
  )`,
  `create index records_by_position on records (dataset_id, position)`,
  `create table syncs (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    connection_id bigint not null references connections on delete cascade,
    integration text not null,
    sync text not null,
    schedule jsonb,
    paused boolean not null default false,
    next_run_at timestamptz,
    cursor jsonb,
    last_run_id uuid,
    unique (connection_id, sync)
  )`,
  `create index syncs_due on syncs (next_run_at) where next_run_at is not null and not paused`,
  `create table runs (
    id uuid primary key,
    environment_id integer not null references environments on delete cascade,
    connection_id bigint not null references connections on delete cascade,
    sync_id bigint references syncs on delete cascade,
    kind text not null,
    integration text not null,
    function text not null,
    version integer not null,
    trigger text not null,
    status text not null default 'queued',
    attempt integer not null default 1,
    losses integer not null default 0,
    due_at timestamptz not null,
    counts jsonb not null,
    error jsonb,
    owner text,
    heartbeat_at timestamptz,
    cancel_requested boolean not null default false,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
  )`,
  `create index runs_by_environment on runs (environment_id, id)`,
  `create index runs_by_connection on runs (connection_id, id)`,
  // Unique: a sync never has two unfinished runs, whoever starts them (scheduler, API, several servers).
  `create unique index runs_unfinished on runs (sync_id) where status in ('queued', 'running')`,
  `create table sightings (
    run_id uuid not null references runs on delete cascade,
    attempt integer not null,
    dataset_id bigint not null,
    external_ids text[] not null
  )`,
  `create index sightings_by_run on sightings (run_id)`,
  `create table run_logs (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    run_id uuid not null references runs on delete cascade,
    at timestamptz not null,
    level text not null,
    message text not null,
    data jsonb
  )`,
  `create index run_logs_by_run on run_logs (run_id, id)`,
  `create index run_logs_by_environment on run_logs (environment_id, id)`,
];
