import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { quoteName } from '../columns/sql-name.ts';
import { findViewSchema } from './find-view-schema.ts';
import { planViews } from './planned-views.ts';
import { quoteText, readerFunctions, viewSelect } from './view-definition.ts';

/**
 * Gives an environment the views of a version, in the transaction that makes it the active one. A view that stays the
 * same is not touched, so that whoever reads it is not in the way; one that changed is made anew, and what others have
 * built on it goes with it. Where the server may not create schemas, there are no views.
 */
export async function applyViews(
  transaction: Kysely<Schema>,
  { environmentId, manifest }: { environmentId: number; manifest: Manifest },
): Promise<void> {
  const schema = await findViewSchema(transaction, environmentId);
  if (!(await mayCreate(transaction, schema))) return;
  const run = (statement: string) => sql.raw(statement).execute(transaction);
  const existing = await selectViews(transaction, schema);
  const wanted = new Map(
    planViews(manifest).map((view) => {
      const select = viewSelect(view, { schema, environmentId });
      return [view.name, { select, mark: `Made by Tenon: ${createHash('sha256').update(select).digest('hex')}` }];
    }),
  );
  const stale = existing.filter(({ name, mark }) => wanted.get(name)?.mark !== mark);
  const kept = new Set(existing.filter((view) => !stale.includes(view)).map(({ name }) => name));
  const missing = [...wanted].filter(([name]) => !kept.has(name));
  for (const { name } of stale) await run(`drop view if exists ${quoteName(schema)}.${quoteName(name)} cascade`);
  if (missing.length === 0) return;
  await run(`create schema if not exists ${quoteName(schema)}`);
  for (const statement of readerFunctions(schema)) await run(statement);
  for (const [name, { select, mark }] of missing) {
    const view = `${quoteName(schema)}.${quoteName(name)}`;
    // A barrier: no function that a reader brings along sees rows of other environments before they are filtered out.
    await run(`create view ${view} with (security_barrier = true) as ${select}`);
    await run(`comment on view ${view} is ${quoteText(mark)}`);
  }
}

/** Whether views can be made: the schema is there and open to the server, or it may create it. */
async function mayCreate(database: Kysely<Schema>, schema: string): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select coalesce(
      (select has_schema_privilege(oid, 'create') from pg_namespace where nspname = ${schema}),
      has_database_privilege(current_database(), 'create')
    ) as may`.execute(database);
  return rows[0]?.may ?? false;
}

/** Tenon's views of a schema; what somebody else has put there is left alone. */
export async function selectViews(database: Kysely<Schema>, schema: string): Promise<{ name: string; mark: string }[]> {
  const { rows } = await sql<{ name: string; mark: string }>`
    select relname as name, obj_description(pg_class.oid, 'pg_class') as mark
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${schema} and relkind = 'v' and obj_description(pg_class.oid, 'pg_class') like 'Made by Tenon: %'
    order by relname`.execute(database);
  return rows;
}
