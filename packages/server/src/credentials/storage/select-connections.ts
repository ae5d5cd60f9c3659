import { sql, type Kysely } from 'kysely';
import type { ConnectionExpiry, ConnectionProblem, EndUser } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

/** Every column of its own that the API may show; never the secrets. */
const ownColumns = [
  'c.id',
  'c.integration',
  'c.name',
  'c.settings',
  'c.metadata',
  'c.created_at',
  'c.updated_at',
] as const;

/** What is its lender's, `l`, of a connection that is borrowed. */
const lentColumns = [
  sql<string>`coalesce(l.auth_mode, c.auth_mode)`.as('auth_mode'),
  sql<'active' | 'auth_failed'>`coalesce(l.state, c.state)`.as('state'),
  sql<ConnectionProblem | null>`coalesce(l.problem, c.problem)`.as('problem'),
  sql<string[] | null>`coalesce(l.scopes, c.scopes)`.as('scopes'),
  sql<EndUser | null>`coalesce(l.end_user, c.end_user)`.as('end_user'),
  sql<Date | null>`coalesce(l.token_expires_at, c.token_expires_at)`.as('token_expires_at'),
  sql<Date | null>`coalesce(l.refreshed_at, c.refreshed_at)`.as('refreshed_at'),
  sql<ConnectionExpiry | null>`coalesce(l.expiry, c.expiry)`.as('expiry'),
  sql<Record<string, string>>`coalesce(l.config, c.config)`.as('config'),
  sql<string | null>`(select e.name from environments e where e.id = l.environment_id)`.as('borrowed_from'),
];

export interface ConnectionFilter {
  readonly environmentId: number;
  readonly integration?: string | undefined;
  readonly name?: string | undefined;
  /** Only ids above this one. */
  readonly afterId?: number | undefined;
  readonly limit: number;
}

/** Connections of an environment, oldest first. */
export async function selectConnections(database: Kysely<Schema>, filter: ConnectionFilter) {
  let query = database
    .selectFrom('connections as c')
    .leftJoin('connections as l', 'l.id', 'c.lender_id')
    .select(ownColumns)
    .select(lentColumns)
    .where('c.environment_id', '=', filter.environmentId)
    .orderBy('c.id')
    .limit(filter.limit);
  if (filter.integration !== undefined) query = query.where('c.integration', '=', filter.integration);
  if (filter.name !== undefined) query = query.where('c.name', '=', filter.name);
  if (filter.afterId !== undefined) query = query.where('c.id', '>', filter.afterId);
  return query.execute();
}

export type ShownConnectionRow = Awaited<ReturnType<typeof selectConnections>>[number];
