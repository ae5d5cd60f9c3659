import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of the database and of the server's own start (packages/server/src/database, config). */
export const databaseErrors = defineErrors({
  server_config_invalid: {
    status: 500,
    exitCode: exitCodes.validation,
    when: "The server's environment variables do not match their schema.",
  },
  encryption_key_missing: {
    status: 500,
    exitCode: exitCodes.validation,
    when: 'The server runs in production without TENON_ENCRYPTION_KEY.',
  },
  decryption_failed: {
    status: 500,
    exitCode: exitCodes.server,
    when: 'A stored secret cannot be decrypted with the configured key.',
  },
  database_unreachable: {
    status: 503,
    exitCode: exitCodes.server,
    when: 'The Postgres server at DATABASE_URL does not answer.',
  },
  database_unsupported: {
    status: 500,
    exitCode: exitCodes.server,
    when: 'The Postgres server is older than version 14.',
  },
  database_disk_full: {
    status: 507,
    exitCode: exitCodes.server,
    when: 'Postgres cannot write because its disk is full.',
  },
  migration_failed: {
    status: 500,
    exitCode: exitCodes.server,
    when: 'A database migration failed; nothing of it was kept.',
  },
  embedded_postgres_unavailable: {
    status: 500,
    exitCode: exitCodes.server,
    when: 'There is no embedded Postgres for this platform.',
  },
  embedded_postgres_failed: { status: 500, exitCode: exitCodes.server, when: 'The embedded Postgres did not start.' },
  data_directory_in_use: {
    status: 409,
    exitCode: exitCodes.server,
    when: 'Another Tenon server owns this data directory.',
  },
});
