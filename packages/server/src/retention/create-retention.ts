import type { Kysely } from 'kysely';
import { createSweeper, type Sweeper } from '../create-sweeper.ts';
import type { Schema } from '../database/schema.ts';
import type { EngineLog } from '../engine/engine-log.ts';
import type { RetentionRule } from './retention-rule.ts';

const everyMs = 3_600_000;
const dayMs = 86_400_000;
/** A statement each: locks and bursts of the WAL stay short. */
const batchRows = 1_000;
/** Of one rule in one go; what is left then goes the next time, so that no rule waits for another's backlog. */
const mostBatches = 1_000;

/**
 * Removes what is older than its rule says: at the start and once an hour. Every server may do it at once; a batch
 * that another one has removed is removed already. What is interrupted goes on the next time.
 */
export function createRetention(options: {
  readonly database: Kysely<Schema>;
  readonly rules: readonly RetentionRule[];
  readonly log: EngineLog;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}): Sweeper {
  const { database, rules, log, now } = options;

  async function apply({ days, removeBatch }: RetentionRule, signal: AbortSignal): Promise<void> {
    const before = new Date(now() - days * dayMs);
    let removed = batchRows;
    for (let batch = 0; batch < mostBatches && removed >= batchRows && !signal.aborted; batch += 1) {
      removed = await removeBatch(database, { before, limit: batchRows });
    }
  }

  function tell(error: unknown, rule?: string): void {
    log.warn({ err: error, rule }, 'what is too old could not be removed; trying again later');
  }

  return createSweeper({
    everyMs,
    // A rule that fails does not keep the others from their work.
    async round(signal) {
      for (const rule of rules) await apply(rule, signal).catch((error: unknown) => tell(error, rule.name));
    },
    onError: tell,
  });
}
