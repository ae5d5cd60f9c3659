import { randomUUID } from 'node:crypto';
import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';
import { takeLock } from './queries/take-lock.ts';

/** Longer than any run. */
const longestTtlMs = 7 * 24 * 3_600_000;

/** Takes a lock for the run; it ends with the run, whatever becomes of that. */
export function lockAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'lock'> {
  return async ({ name, scope, ttlMs }, { run }) => {
    const token = randomUUID();
    const taken = await takeLock(database, {
      environmentId: run.environment_id,
      connectionId: scope === 'connection' ? run.connection_id : 0,
      name,
      token,
      runId: run.id,
      attempt: run.attempt,
      ttlMs: Math.min(ttlMs, longestTtlMs),
    });
    return taken ? { token } : null;
  };
}
