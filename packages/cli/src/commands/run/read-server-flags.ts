import { TenonError } from '@tenon/runtime/errors';
import type { LocalRunFlags } from './run-local.ts';
import type { RunFlags } from './run-run.ts';

/**
 * The flags of a run on the server.
 * @throws TenonError `usage_invalid` when there are some that only a dry run has, or none that says for whom
 */
export function readServerFlags({ connection, ...flags }: LocalRunFlags): RunFlags {
  const { recording, event, cursor, fromStart, limitPages, local: _, ...rest } = flags;
  const only = Object.entries({ recording, event, cursor, 'from-start': fromStart, 'limit-pages': limitPages });
  const [misplaced] = only.find(([, value]) => value !== undefined) ?? [];
  if (misplaced !== undefined) {
    throw new TenonError('usage_invalid', `--${misplaced} only goes with --local.`, {
      hint: 'Add --local to run the code of this machine dry.',
    });
  }
  return { ...rest, connection: requireConnection(connection) };
}

/** @throws TenonError `usage_invalid` */
export function requireConnection(connection: string | undefined): string {
  if (connection !== undefined) return connection;
  throw new TenonError('usage_invalid', 'A run needs a connection.', { hint: 'Add --connection <id>.' });
}
