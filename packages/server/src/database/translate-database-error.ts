import { TenonError } from '@tenon/runtime/errors';

/** SQLSTATE codes and errno names that mean: no Postgres there, or not now. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  '08000', // connection_exception
  '08003',
  '08006',
  '57P01', // admin_shutdown, and pg_terminate_backend
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting or stopping
  '53300', // too_many_connections
]);

/** Postgres refused the role, the password or the database that DATABASE_URL names. */
const refused = new Set(['28000', '28P01', '3D000']);

/**
 * What Postgres or the way to it refused, as a Tenon error; everything else comes back as it was: it is a fault of
 * ours and must not look like the database's.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof TenonError || !(error instanceof Error)) return error;
  const { code } = error as Error & { code?: unknown };
  if (code === '53100' || code === 'ENOSPC')
    return new TenonError('database_disk_full', 'Postgres cannot write: its disk is full.', {
      hint: 'Free some space on the disk that holds the database; what was refused can then be tried again.',
      cause: error,
    });
  if (typeof code === 'string' && refused.has(code))
    return new TenonError('database_unreachable', `Postgres refused the connection: ${error.message}.`, {
      hint: 'Check the user, the password and the database name in DATABASE_URL.',
      details: { reason: code },
      cause: error,
    });
  const reason = reasonOf(error, code);
  if (reason === undefined) return error;
  return new TenonError('database_unreachable', `Postgres does not answer: ${reason}.`, {
    hint: 'Check that the server named in DATABASE_URL runs and accepts connections from here.',
    details: { reason },
    cause: error,
  });
}

/** pg has no codes for what happens to the connection itself, only messages. */
function reasonOf(error: Error, code: unknown): string | undefined {
  if (typeof code === 'string' && unreachable.has(code)) return code;
  if (
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  )
    return error.message;
  // Node tries each address of a name and reports them together.
  if (error instanceof AggregateError && error.errors.length > 0) {
    const first: unknown = error.errors[0];
    return first instanceof Error ? reasonOf(first, (first as NodeJS.ErrnoException).code) : undefined;
  }
  return undefined;
}
