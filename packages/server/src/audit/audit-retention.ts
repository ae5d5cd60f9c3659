import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { EngineLog } from '../engine/engine-log.ts';
import { deleteOldAudit } from './queries/delete-old-audit.ts';

const everyMs = 3_600_000;
const batchRows = 1_000;
/** In one go; what is left then goes an hour later. */
const mostBatches = 100;

/** Keeps the audit log for so many days: looks at the start and once an hour. */
export function createAuditRetention(options: { database: Kysely<Schema>; log: EngineLog; days: number }) {
  const { database, log, days } = options;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const stopping = new AbortController();

  async function sweep(): Promise<void> {
    let deleted = batchRows;
    for (let batch = 0; batch < mostBatches && deleted === batchRows && !stopping.signal.aborted; batch += 1) {
      deleted = await deleteOldAudit(database, { days, limit: batchRows });
    }
  }

  function run(): void {
    running = running
      .then(sweep)
      .catch((error: unknown) => log.warn({ err: error }, 'old rows of the audit log could not be deleted'));
  }

  return {
    start(): void {
      timer = setInterval(run, everyMs);
      timer.unref();
      run();
    },
    async stop(): Promise<void> {
      stopping.abort();
      clearInterval(timer);
      await running;
    },
  };
}
