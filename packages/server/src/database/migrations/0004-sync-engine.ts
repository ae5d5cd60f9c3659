import { sql, type Kysely } from 'kysely';

/** The sync engine: state of partitions, history, quarantine, held deletions, lanes and waits of runs, ticks, locks. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // --- What a sync remembers -------------------------------------------------------------------------------------
  // `scope` is `live`, or the id of a backfill run, whose state ends with it. The sync itself is the partition ''.
  `create table sync_states (
    sync_id bigint not null references syncs on delete cascade,
    scope text not null default 'live',
    partition text not null default '',
    cursor jsonb,
    checkpoint jsonb,
    progress jsonb,
    progress_run_id uuid,
    failed_at timestamptz,
    error jsonb,
    updated_at timestamptz not null default now(),
    primary key (sync_id, scope, partition)
  )`,
  `insert into sync_states (sync_id, cursor) select id, cursor from syncs where cursor is not null`,
  `alter table syncs drop column cursor`,

  // --- Records ---------------------------------------------------------------------------------------------------
  `alter table datasets
    add column live_count bigint not null default 0,
    add column quarantined_count integer not null default 0,
    add column pruned_position bigint not null default 0`,
  `update datasets d set live_count =
    (select count(*) from records r where r.dataset_id = d.id and r.deleted_at is null)`,
  // Which of two versions of a record is the newer one; numbers, because arrays of times cost a parse for each record.
  `alter table records
    add column observed_ms bigint not null default 0,
    add column version double precision`,
  // For retention; a record that is not marked as deleted has no entry.
  `create index records_deleted on records (dataset_id, deleted_at) where deleted_at is not null`,
  // What a change replaced. The change that added a record replaced nothing and has no row. No foreign key, as with
  // records. Pruned by replaced_at, which grows with the table: a BRIN index costs next to nothing.
  `create table record_versions (
    dataset_id bigint not null,
    external_id text not null,
    data json not null,
    hash bytea not null,
    position bigint not null,
    added_position bigint not null,
    until_position bigint not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    observed_ms bigint not null,
    version double precision,
    replaced_at timestamptz not null,
    primary key (dataset_id, until_position)
  )`,
  `create index record_versions_by_record on record_versions (dataset_id, external_id, until_position)`,
  `create index record_versions_by_time on record_versions using brin (replaced_at)`,
  // Which run took which positions, a row a page: what tells who made a change, without a column in every record.
  `create table run_writes (
    dataset_id bigint not null,
    from_position bigint not null,
    to_position bigint not null,
    run_id uuid not null,
    deleted integer not null default 0,
    written_at timestamptz not null,
    primary key (dataset_id, from_position)
  )`,
  `create index run_writes_by_run on run_writes (run_id)`,
  `alter table sightings rename column attempt to generation`,
  // When the attempt began that noted it: the least of a generation is when its enumeration did.
  `alter table sightings add column began_ms bigint not null default 0`,
  `create table quarantine (
    id bigint generated always as identity primary key,
    dataset_id bigint not null references datasets on delete cascade,
    sync_id bigint not null references syncs on delete cascade,
    run_id uuid not null,
    external_id text,
    data json not null,
    hash bytea not null,
    problems jsonb not null,
    created_at timestamptz not null default now(),
    unique (dataset_id, hash)
  )`,
  `create index quarantine_by_record on quarantine (dataset_id, external_id)`,
  `create index quarantine_by_sync on quarantine (sync_id, id)`,
  `create table holds (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    sync_id bigint not null references syncs on delete cascade,
    dataset_id bigint not null references datasets on delete cascade,
    run_id uuid not null,
    record_count integer not null,
    live_count bigint not null,
    status text not null default 'pending',
    created_at timestamptz not null,
    decided_at timestamptz,
    unique (run_id, dataset_id)
  )`,
  `create index holds_by_environment on holds (environment_id, id)`,
  // The ids, and where the dataset stood: what changed after that is not deleted by an approval.
  `create table held_records (
    hold_id bigint not null references holds on delete cascade,
    position bigint not null,
    external_ids text[] not null
  )`,
  `create index held_records_by_hold on held_records (hold_id)`,

  // --- Schedules -------------------------------------------------------------------------------------------------
  `alter table syncs
    add column schedule_override jsonb,
    add column overlap text not null default 'skip'`,
  `create table skipped_ticks (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    sync_id bigint not null references syncs on delete cascade,
    due_at timestamptz not null,
    until_at timestamptz not null,
    ticks integer not null,
    reason text not null,
    run_id uuid,
    noted_at timestamptz not null
  )`,
  `create index skipped_ticks_by_sync on skipped_ticks (sync_id, due_at)`,

  // --- Runs ------------------------------------------------------------------------------------------------------
  `alter table runs
    add column lane text not null default 'live',
    add column side_by_side boolean not null default false,
    add column generation integer not null default 1,
    add column retries integer not null default 0,
    add column waits_for text,
    add column not_before timestamptz,
    add column concurrency_key text,
    add column range jsonb,
    add column event jsonb,
    add column parent_run_id uuid`,
  // How many runs at a time the active version allows; null: it does not say.
  `alter table environments add column limits jsonb`,
  `update runs set counts = counts || '{"quarantined": 0, "held": 0}'`,
  `drop index runs_unfinished`,
  // Whoever inserts a run of a sync has locked the sync's row; these are what holds if somebody forgets. A run
  // that waits for an earlier one has its place behind it, also when that one is queued again.
  `create unique index runs_queued on runs (sync_id) where status = 'queued' and lane = 'live' and not side_by_side
    and waits_for is distinct from 'earlier_run'`,
  `create unique index runs_running on runs (sync_id, lane) where status = 'running' and not side_by_side`,
  // An event that was sent twice with the same key is one run.
  `create unique index runs_by_event_key on runs (sync_id, (event->>'key')) where lane = 'webhook'`,
  // What counts against the limits of concurrency.
  `create index runs_running_by_scope on runs (environment_id, integration, connection_id) where status = 'running'`,
  `create index runs_unfinished_of_sync on runs (sync_id) where status in ('queued', 'running')`,
  `create index runs_by_sync on runs (sync_id, id)`,
  `alter table run_logs add column kind text not null default 'log'`,
  // Signs are parted by hand: Postgres takes "/issues?page=2" for one word.
  `create index run_logs_words on run_logs
    using gin (to_tsvector('simple', translate(message, '/?=&.:@_+%#-', '            ')))`,
  // A lock ends with its run, or at expires_at. Environment-wide ones have no connection.
  `create table locks (
    environment_id integer not null references environments on delete cascade,
    connection_id bigint not null default 0,
    name text not null,
    token uuid not null unique,
    run_id uuid not null,
    expires_at timestamptz not null,
    primary key (environment_id, connection_id, name)
  )`,
  `create index locks_by_run on locks (run_id)`,
  // A delivery waits for the earlier ones of its lane (the connection that it tells of) where the endpoint is ordered.
  `alter table webhook_endpoints add column ordered boolean not null default false`,
  `alter table webhook_deliveries add column lane text`,
  `create index webhook_deliveries_waiting on webhook_deliveries (endpoint_id, lane, id) where status = 'pending'`,
  // One row a budget: of a connection, an integration or an app. Lost in a crash without harm, so it is not logged.
  // Times are Unix milliseconds by the database's clock. `spent` are calls of the latest window, by the time when their
  // slice of it ends; `call_limit`, `remaining` and `resets_at` are what the provider said, or what is expected of the next window (`is_guess`); `granted` is how many calls
  // the latest statement let go.
  `create unlogged table rate_budgets (
    key text primary key,
    spent_at double precision[] not null default '{}',
    spent double precision[] not null default '{}',
    granted double precision not null default 0,
    call_limit double precision,
    remaining double precision,
    resets_at double precision,
    is_guess boolean not null default false,
    period_ms double precision,
    blocked_until double precision,
    used_at timestamptz not null default now()
  )`,
];
