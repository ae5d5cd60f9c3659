import { sql, type Kysely } from 'kysely';
import type { Manifest, SqlViews } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { showName } from '../columns/sql-name.ts';
import { selectViews } from './apply-views.ts';
import { findViewSchema } from './find-view-schema.ts';
import { planViews } from './planned-views.ts';

/** The views of an environment, with where to read them. */
export async function listViews(
  database: Kysely<Schema>,
  { environmentId, manifest }: { environmentId: number; manifest: Manifest | undefined },
): Promise<SqlViews> {
  const schema = await findViewSchema(database, environmentId);
  const planned = manifest ? planViews(manifest) : [];
  const existing = new Set((await selectViews(database, schema)).map(({ name }) => name));
  const items = planned.filter(({ name }) => existing.has(name));
  return {
    items: items.map(({ name, columns, ...view }) => ({
      ...view,
      name: `${showName(schema)}.${showName(name)}`,
      columns: [...columns],
    })),
    nextCursor: null,
    schema,
    available: items.length === planned.length,
    connection: await describeConnection(database),
  };
}

/** Where the server itself finds the database; from elsewhere it may have another name. No user, no password. */
async function describeConnection(database: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ host: string | null; port: number | null; name: string; socket: string | null }>`
    select host(inet_server_addr()) as host, inet_server_port() as port, current_database() as name,
      (select setting from pg_settings where name = 'unix_socket_directories') as socket`.execute(database);
  const { host = null, port = null, name = '', socket = null } = rows[0] ?? {};
  // Reached by a socket, as the embedded one is. Roles without privileges are not told where it is.
  const named = socket?.split(',')[0]?.trim();
  if (host === null && named) {
    // A server that root started has its Postgres listen in that one's own folder.
    const directory = named.startsWith('/proc/') ? '<data directory>/postgres/data' : named;
    return `postgres://<user>:<password>@/${encodeURIComponent(name)}?host=${directory}`;
  }
  const address = host?.includes(':') ? `[${host}]` : (host ?? 'localhost');
  return `postgres://<user>:<password>@${address}:${port ?? 5432}/${encodeURIComponent(name)}`;
}
