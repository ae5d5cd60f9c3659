import type { Models, SyncDefinition } from '../define/define-sync.ts';
import { runSyncScript, type OutgoingPage } from '../execute/index.ts';
import type { RequestLogEntry } from '../request/perform-call.ts';
import type { z } from 'zod';
import { createInMemoryRun, type InMemoryLogEntry, type InMemoryOptions } from './in-memory-run.ts';

export interface SyncInMemoryOptions extends InMemoryOptions {
  /** As stored; validated against the definition. */
  settings?: unknown;
  /** Where an earlier run ended. */
  cursor?: string | number;
}

export interface SyncInMemoryResult {
  /** Live records: by model, then by id, as they were stored. */
  records: Map<string, Map<string, Record<string, unknown>>>;
  /** Ids that were removed and not saved again, by model. */
  removed: Map<string, Set<string>>;
  log: InMemoryLogEntry[];
  requests: RequestLogEntry[];
  /** Where the next run would start. */
  cursor: string | number | undefined;
}

function applyPage(result: SyncInMemoryResult, page: OutgoingPage): void {
  const records = result.records.get(page.model) ?? new Map<string, Record<string, unknown>>();
  const removed = result.removed.get(page.model) ?? new Set<string>();
  result.records.set(page.model, records);
  result.removed.set(page.model, removed);
  for (const record of page.records) {
    records.set(record.id, JSON.parse(record.json) as Record<string, unknown>);
    removed.delete(record.id);
  }
  for (const id of page.deletedIds) {
    records.delete(id);
    removed.add(id);
  }
  if (page.cursor !== undefined) result.cursor = page.cursor;
}

/**
 * Runs a sync against a recording, without a server: the same script context and request engine, records in memory.
 * @throws TenonError what the run fails with; `replay_unmatched`, `replay_unused`
 */
export async function runSyncInMemory<M extends Models, S extends z.ZodType | undefined>(
  definition: SyncDefinition<M, S>,
  options: SyncInMemoryOptions,
): Promise<SyncInMemoryResult> {
  const run = createInMemoryRun(options);
  const result: SyncInMemoryResult = {
    records: new Map(Object.keys(definition.options.models).map((name) => [name, new Map()])),
    removed: new Map(),
    log: run.log,
    requests: run.requests,
    cursor: options.cursor,
  };
  await runSyncScript(definition, {
    ...run.environment,
    settings: options.settings,
    state: { cursor: options.cursor },
    commitPage: async (page) => {
      applyPage(result, page);
      return { conflicts: [] };
    },
  });
  run.finish();
  return result;
}
