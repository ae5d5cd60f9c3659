import { TenonError } from '@tenon/runtime/errors';

/** What Postgres or initdb wrote before it gave up, as an error that says what to do. */
export function describePostgresFailure(what: string, output: string, logPath: string): TenonError {
  if (/No space left on device/.test(output)) return diskFull(what, output);
  const reason = /^.*?(?:FATAL|PANIC|ERROR|error): +(.+)$/m.exec(output)?.[1] ?? lastLine(output);
  return new TenonError('embedded_postgres_failed', `${what}${reason === '' ? '.' : `: ${reason}`}`, {
    hint: `Its log is ${logPath}. With DATABASE_URL the server uses another Postgres instead.`,
    details: { log: output.slice(-2_000) },
  });
}

/** Turns what the file system refused while the cluster was being prepared into a Tenon error. */
export function describeFileFailure(what: string, error: unknown): unknown {
  if (error instanceof TenonError) return error;
  // What the system refused has a number as well; an abort has a code only.
  if (!(error instanceof Error) || !('errno' in error)) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(what, String(error), error);
  return new TenonError('embedded_postgres_failed', `${what}: ${code}${path === undefined ? '' : ` at ${path}`}.`, {
    hint:
      code === 'EACCES' || code === 'EPERM'
        ? 'The data directory belongs to another user: start the server as that user, or use another data directory.'
        : 'Check the data directory, or set DATABASE_URL to a Postgres server.',
    cause: error,
  });
}

function diskFull(what: string, output: string, cause?: unknown): TenonError {
  return new TenonError('database_disk_full', `${what}: no space is left on the disk of the data directory.`, {
    hint: 'Free some space, or move the data directory to a larger disk; then start the server again.',
    details: { log: output.slice(-2_000) },
    cause,
  });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
