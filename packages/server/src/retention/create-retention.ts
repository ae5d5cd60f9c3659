import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { EngineLog } from '../engine/engine-log.ts';
import type { RetentionRule } from './retention-rule.ts';

export interface Retention {
  start(): void;
  /** Goes through every rule once, now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

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
}): Retention {
  const { database, rules, log, now } = options;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function apply({ name, days, removeBatch }: RetentionRule): Promise<void> {
    const before = new Date(now() - days * dayMs);
    try {
      let removed = batchRows;
      for (let batch = 0; batch < mostBatches && removed >= batchRows && !stopping.signal.aborted; batch += 1) {
        removed = await removeBatch(database, { before, limit: batchRows });
      }
    } catch (error) {
      log.warn({ err: error, rule: name }, 'what is too old could not be removed; trying again later');
    }
  }

  async function applyAll(): Promise<void> {
    for (const rule of rules) await apply(rule);
  }

  function sweep(): Promise<void> {
    running = running.then(applyAll);
    return running;
  }

  return {
    sweep,
    start() {
      timer = setInterval(() => void sweep(), everyMs);
      timer.unref();
      void sweep();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await running;
    },
  };
}
