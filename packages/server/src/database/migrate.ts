import { TenonError } from '@tenon/runtime/errors';
import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import * as initial from './migrations/0001-initial.ts';
import * as cursorEpochs from './migrations/0002-cursor-epochs.ts';
import * as connections from './migrations/0003-connections.ts';
import * as syncEngine from './migrations/0004-sync-engine.ts';
import * as deployments from './migrations/0005-deployments.ts';
import * as previews from './migrations/0006-previews.ts';
import * as runCaptures from './migrations/0007-run-captures.ts';
import * as deviceLogins from './migrations/0008-device-logins.ts';
import type { Schema } from './schema.ts';
import { translateDatabaseError } from './translate-database-error.ts';

/** Numbered, forward only, and listed by hand: a bundled server has no folder to look into. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-cursor-epochs': cursorEpochs,
  '0003-connections': connections,
  '0004-sync-engine': syncEngine,
  '0005-deployments': deployments,
  '0006-previews': previews,
  '0007-run-captures': runCaptures,
  '0008-device-logins': deviceLogins,
};

/** The names begin with `tenon_`: in a shared database, Kysely's own would meet those of another application. */
const tables = { migrationTableName: 'tenon_migrations', migrationLockTableName: 'tenon_migration_lock' };

/**
 * Brings the database to this server's schema, in one transaction behind an advisory lock: servers that start together
 * wait for the one that migrates.
 * @returns the names of the migrations that were applied.
 * @throws TenonError migration_failed; nothing of it is kept.
 */
export async function migrate(
  database: Kysely<Schema>,
  provided: Readonly<Record<string, Migration>> = migrations,
): Promise<string[]> {
  await refuseNewerDatabase(database, provided);
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...provided }) },
    ...tables,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return (results ?? []).map((result) => result.migrationName);
  const translated = translateDatabaseError(error);
  if (translated instanceof TenonError) throw translated;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  const reason = error instanceof Error ? error.message : String(error);
  throw new TenonError(
    'migration_failed',
    `The database migration${failed === undefined ? '' : ` ${failed}`} failed: ${reason}.`,
    { hint: 'Nothing of it was kept. Fix the cause and start the server again.', cause: error },
  );
}

/** A database that a newer server has migrated must not be written by this one. */
async function refuseNewerDatabase(
  database: Kysely<Schema>,
  provided: Readonly<Record<string, Migration>>,
): Promise<void> {
  const known = await sql<{ exists: boolean }>`select to_regclass(${tables.migrationTableName}) is not null as exists`
    .execute(database)
    .catch((error: unknown) => {
      throw translateDatabaseError(error);
    });
  if (known.rows[0]?.exists !== true) return;
  const applied = await sql<{ name: string }>`select name from ${sql.table(tables.migrationTableName)}`.execute(
    database,
  );
  const unknown = applied.rows.map((row) => row.name).filter((name) => !Object.hasOwn(provided, name));
  if (unknown.length === 0) return;
  throw new TenonError(
    'migration_failed',
    `The database was made by a newer Tenon: this server does not know its migration ${unknown.sort().join(', ')}.`,
    { hint: 'Start the newer version of the server, or use another database.', details: { unknown } },
  );
}
