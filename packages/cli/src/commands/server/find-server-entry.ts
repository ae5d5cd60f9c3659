import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TenonError } from '@tenon/runtime/errors';

/**
 * Finds the file that is the server, to be started with node. It is never imported: the command line and the server
 * are two processes.
 * @throws TenonError `server_unreachable` when the package is not installed whole
 */
export function findServerEntry(): string {
  try {
    const entry = createRequire(import.meta.url).resolve('@tenon/server/main');
    if (existsSync(entry)) return entry;
  } catch (error) {
    throw describeMissing(error);
  }
  throw describeMissing(undefined);
}

function describeMissing(cause: unknown): TenonError {
  return new TenonError('server_unreachable', 'The package @tenon/server is not installed whole.', {
    hint: 'Install tenon again, or name a server that runs elsewhere with TENON_URL.',
    cause,
  });
}
