import { sql, type Kysely } from 'kysely';

/**
 * What deployments say of themselves, what going back with the data needs (where every cursor and every feed stood when
 * a version became active), and how many calls full runs made.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `alter table deployments
    add column external_id text,
    add column deployed_by text,
    add column source jsonb,
    add column changes jsonb`,
  `create unique index deployments_by_external_id on deployments (environment_id, external_id)
    where external_id is not null`,
  // A row each time that a version becomes active, which one version can do often.
  `create table activations (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    version integer not null,
    previous_version integer not null,
    activated_at timestamptz not null default now()
  )`,
  `create index activations_by_previous on activations (environment_id, previous_version, id)`,
  `create table activation_states (
    activation_id bigint not null references activations on delete cascade,
    sync_id bigint not null references syncs on delete cascade,
    partition text not null,
    cursor jsonb,
    checkpoint jsonb,
    primary key (activation_id, sync_id, partition)
  )`,
  `create index activation_states_by_sync on activation_states (sync_id)`,
  // No foreign key to datasets, as with records: a snapshot must not wait for their locks.
  `create table activation_positions (
    activation_id bigint not null references activations on delete cascade,
    dataset_id bigint not null,
    position bigint not null,
    primary key (activation_id, dataset_id)
  )`,
  // While one is unfinished, no sync of its environment begins. Datasets are gone through in the order of their ids.
  `create table data_rollbacks (
    id bigint generated always as identity primary key,
    environment_id integer not null references environments on delete cascade,
    activation_id bigint not null,
    from_version integer not null,
    to_version integer not null,
    done_dataset_id bigint not null default 0,
    counts jsonb not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  `create unique index data_rollbacks_unfinished on data_rollbacks (environment_id) where finished_at is null`,
  // Of the latest five runs that read everything; null: none was counted.
  `alter table syncs add column full_calls integer[]`,
];
