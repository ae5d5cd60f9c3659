import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { LogEntry } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { translateDatabaseError } from '../../database/translate-database-error.ts';
import type { EngineLog } from '../engine-log.ts';
import { boundLogEntry } from './bound-log-entry.ts';
import { insertLogs, type NewLogEntry } from './queries/insert-logs.ts';
import type { RunEvents } from './run-events.ts';
import type { WorkerLogEntry } from '../../workers/run-request.ts';

export interface LoggedRun {
  readonly id: string;
  readonly environment_id: number;
  readonly integration: string;
  readonly function: string;
  readonly connection: string;
}

/** The log of one run. */
export interface RunLog {
  write(entry: WorkerLogEntry): void;
}

/** The logs of all runs of this process, written together. */
export interface RunLogs {
  open(run: LoggedRun): RunLog;
  /** Resolves when everything written so far is stored and published. */
  flush(): Promise<void>;
}

interface WaitingEntry {
  readonly run: LoggedRun;
  readonly row: NewLogEntry;
}

const flushAt = 100;
const flushMs = 200;
/** Until lines are tried again while the database does not answer. */
const outagePauseMs = 1_000;
/** Lines in a statement, when more have come while the one before was under way. */
const batchSize = 500;
export const maxEntriesPerRun = 10_000;
/** When the database is slower than scripts are talkative, memory is kept and lines are dropped: 32 MB at the most. */
const maxWaiting = 2_000;

/**
 * Writes the lines of all runs in batches: after 100 lines or 200 ms, one statement at a time. A run keeps 10,000
 * lines of 16 kB; where lines were dropped, one says so.
 */
export function createRunLogs(context: { database: Kysely<Schema>; events: RunEvents; log: EngineLog }): RunLogs {
  let waiting: WaitingEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;

  function add(entry: WaitingEntry): void {
    waiting.push(entry);
    if (waiting.length >= flushAt) void flush();
    else timer ??= setTimeout(() => void flush(), flushMs);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    storing ??= storeAll().finally(() => {
      storing = undefined;
    });
    return storing;
  }

  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      try {
        publish(
          batch,
          await insertLogs(
            context.database,
            batch.map(({ row }) => row),
          ),
        );
      } catch (error) {
        if (isOutage(error) && waiting.length + batch.length <= maxWaiting) {
          waiting = [...batch, ...waiting];
          timer ??= setTimeout(() => void flush(), outagePauseMs).unref();
          return;
        }
        context.log.warn({ err: error, lines: batch.length }, 'lines of runs could not be stored');
      }
    }
  }

  function publish(batch: WaitingEntry[], stored: Array<{ id: number | string; run_id: string }>): void {
    const known = new Set(stored.map(({ run_id }) => run_id));
    const entries = batch.filter(({ row }) => known.has(row.runId));
    for (const [index, { run, row }] of entries.entries()) {
      const id = stored[index]?.id;
      if (id === undefined || !context.events.hasListeners(run.environment_id)) continue;
      context.events.publish(run.environment_id, {
        type: 'log',
        run: { id: run.id, integration: run.integration, function: run.function, connection: run.connection },
        entry: toEntry(row, id),
      });
    }
  }

  return {
    open(run) {
      let lines = 0;
      /** Lines are being dropped, and a line says so. */
      let gap = false;
      function store(at: number, bounded: Pick<NewLogEntry, 'kind' | 'level' | 'message' | 'data'>): void {
        add({ run, row: { environmentId: run.environment_id, runId: run.id, at: new Date(at), ...bounded } });
      }
      function storeTruncation(at: number, why: string): void {
        store(at, { kind: 'engine', level: 'warn', message: `log truncated: ${why}`, data: null });
      }
      return {
        write(entry) {
          if (lines >= maxEntriesPerRun) {
            if (lines++ === maxEntriesPerRun) storeTruncation(entry.at, 'the run wrote more than is kept');
          } else if (waiting.length >= maxWaiting) {
            if (!gap) storeTruncation(entry.at, 'lines came faster than they could be stored');
            gap = true;
          } else {
            gap = false;
            lines++;
            store(entry.at, boundLogEntry(entry));
          }
        },
      };
    },
    async flush() {
      // Twice: a batch that was under way when the last lines came doesn't hold them.
      await flush();
      await flush();
    },
  };
}

function isOutage(error: unknown): boolean {
  const known = translateDatabaseError(error);
  return known instanceof TenonError && known.code === 'database_unreachable';
}

function toEntry(row: NewLogEntry, id: number | string): LogEntry {
  return {
    id: String(id),
    runId: row.runId,
    at: row.at.toISOString(),
    kind: row.kind,
    level: row.level,
    message: row.message,
    data: row.data === null ? null : (JSON.parse(row.data) as Record<string, unknown>),
  };
}
