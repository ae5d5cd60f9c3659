import { sql, type Kysely } from 'kysely';

/** Preview environments, which have a parent and an end, and connections that they borrow from it. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // No cascade: an environment with previews is not deleted before them.
  `alter table environments
    add column parent_id integer references environments,
    add column expires_at timestamptz,
    add column ttl_ms bigint,
    add column allows_writes boolean not null default true,
    add column deleting_at timestamptz,
    add column sweep_lease_until timestamptz`,
  `alter table environments drop constraint environments_name_key`,
  // What is being deleted has no name any more: another one may be made of it at once.
  `create unique index environments_by_name on environments (name) where parent_id is null and deleting_at is null`,
  `create unique index previews_by_name on environments (parent_id, name)
    where parent_id is not null and deleting_at is null`,
  // A borrowed connection has no credentials of its own: those of its lender are used, where they are.
  `alter table connections
    alter column credentials drop not null,
    add column lender_id bigint references connections on delete cascade,
    add constraint connections_have_credentials check ((credentials is null) = (lender_id is not null))`,
  // Events are deleted with their deliveries, a thousand at a time.
  `create index webhook_deliveries_by_event on webhook_deliveries (event_id)`,
  `create index connections_by_lender on connections (lender_id) where lender_id is not null`,
];
