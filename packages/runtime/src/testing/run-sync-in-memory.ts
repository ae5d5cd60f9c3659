import type { z } from 'zod';
import type { Models, SyncDefinition, WebhookEvent } from '../define/define-sync.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { PartitionState } from '../execute/asks.ts';
import { canonicalJson } from '../execute/canonical-json.ts';
import { hashRecord } from '../execute/hash-record.ts';
import { runSyncScript } from '../execute/run-sync-script.ts';
import type { SyncEnvironment } from '../execute/script-environment.ts';
import type { SyncResult } from '../execute/worker-protocol.ts';
import type { RequestLogEntry } from '../request/perform-call.ts';
import { createInMemoryRun, type InMemoryLogEntry, type InMemoryOptions } from './in-memory-run.ts';
import type { MemoryServer, QuarantinedInMemory } from './memory-server.ts';

export interface SyncInMemoryOptions extends InMemoryOptions {
  /** As stored; validated against the definition. */
  settings?: unknown;
  /** Where an earlier run ended. */
  cursor?: string | number;
  /** What an earlier run gave to setCheckpoint. */
  checkpoint?: unknown;
  /** Where earlier runs of partitions ended, by key. */
  partitions?: Record<string, PartitionState>;
  /** Of a backfill: where to stop. */
  until?: string | number;
  /** Records that are stored already, by model. */
  stored?: Record<string, ReadonlyArray<Record<string, unknown>>>;
  /** Whether records may be invalid. Default false: then the first one fails the test run with `record_invalid`. */
  allowQuarantine?: boolean;
}

export interface SyncInMemoryResult {
  /** Live records: by model, then by id, as they were stored. */
  records: Map<string, Map<string, Record<string, unknown>>>;
  /** Ids that were deleted and not saved again, by model. */
  removed: Map<string, Set<string>>;
  /** Records that are not what their models say. */
  quarantined: QuarantinedInMemory[];
  log: InMemoryLogEntry[];
  requests: RequestLogEntry[];
  /** Where the next run would start. */
  cursor: string | number | undefined;
  /** What the next run would find. */
  checkpoint: unknown;
  /** Where the next run of each partition would start, by key. */
  partitions: Map<string, PartitionState>;
  /** Partitions that failed, by key. */
  failedPartitions: SyncResult['partitions']['failed'];
  /** Records that were saved, invalid ones included. */
  read: number;
  /** The connection's metadata after the run. */
  metadata: Readonly<Record<string, unknown>>;
  /** Names of the syncs that it triggered. */
  triggered: readonly string[];
}

export interface WebhookInMemoryOptions extends Omit<SyncInMemoryOptions, 'until'> {
  /** What the provider sent. Default: received now, without headers. */
  event: { body: unknown } & Partial<WebhookEvent>;
}

/**
 * Runs a sync against a recording, without a server: the same script context and request engine, records in memory.
 * @throws TenonError what the run fails with; `record_invalid` unless `allowQuarantine`; `replay_unmatched`,
 *   `replay_unused`
 */
export async function runSyncInMemory<
  M extends Models,
  S extends z.ZodType | undefined,
  C extends z.ZodType | undefined = undefined,
>(definition: SyncDefinition<M, S, C>, options: SyncInMemoryOptions): Promise<SyncInMemoryResult> {
  return execute(definition, options, { mode: 'run', until: options.until });
}

/**
 * Gives a sync one event, as `runSyncInMemory` runs it.
 * @throws TenonError as `runSyncInMemory`; `script_incompatible` when the sync has no onWebhook
 */
export async function runWebhookInMemory<
  M extends Models,
  S extends z.ZodType | undefined,
  C extends z.ZodType | undefined = undefined,
>(definition: SyncDefinition<M, S, C>, options: WebhookInMemoryOptions): Promise<SyncInMemoryResult> {
  const event: WebhookEvent = { headers: {}, receivedAt: new Date().toISOString(), ...options.event };
  return execute(definition, options, { mode: 'webhook', event });
}

async function execute<M extends Models, S extends z.ZodType | undefined, C extends z.ZodType | undefined>(
  definition: SyncDefinition<M, S, C>,
  options: SyncInMemoryOptions,
  call: Pick<SyncEnvironment, 'mode' | 'event' | 'until'>,
): Promise<SyncInMemoryResult> {
  const { cursor, checkpoint } = options;
  const run = createInMemoryRun(options, {
    partitions: options.partitions ?? {},
    stored: Object.fromEntries(
      Object.entries(options.stored ?? {}).map(([model, records]) => [model, records.map(toStored)]),
    ),
  });
  const { server } = run;
  // Without quarantine the first invalid record fails the run, whatever their share.
  const quarantine = options.allowQuarantine === true ? {} : { quarantine: { share: 1 } };
  // What a definition's functions are given depends on its type parameters, which no longer matter here.
  const declared = { ...definition, options: { ...definition.options, ...quarantine } } as unknown as SyncDefinition;
  const { read, partitions } = await runSyncScript(declared, {
    ...run.environment,
    ...call,
    settings: options.settings,
    state: { cursor, checkpoint },
    commitPage: (page) => {
      const [invalid] = page.quarantined;
      if (invalid && options.allowQuarantine !== true) throw invalidRecord(page.model, invalid);
      return server.commitPage(page);
    },
  });
  run.finish();
  const { '': own = {}, ...parts } = Object.fromEntries(server.states);
  return {
    records: readRecords(Object.keys(definition.options.models), server),
    removed: new Map([...server.removed].map(([model, ids]) => [model, new Set(ids)])),
    quarantined: [...server.quarantine],
    log: run.log,
    requests: run.requests,
    cursor: own.cursor ?? cursor,
    checkpoint: own.checkpoint ?? checkpoint,
    partitions: new Map(Object.entries(parts)),
    failedPartitions: partitions.failed,
    read,
    metadata: server.metadata(),
    triggered: server.triggered,
  };
}

function readRecords(models: readonly string[], server: MemoryServer): SyncInMemoryResult['records'] {
  return new Map(
    models.map((model) => {
      const records = [...(server.records.get(model)?.values() ?? [])];
      return [model, new Map(records.map(({ id, json }) => [id, JSON.parse(json) as Record<string, unknown>]))];
    }),
  );
}

function toStored(record: Record<string, unknown>): { id: string; json: string; hash: string } {
  const json = canonicalJson(record);
  return { id: String(record['id']), json, hash: Buffer.from(hashRecord(json)).toString('hex') };
}

function invalidRecord(
  model: string,
  { id, problems }: { id: string | null; problems: ReadonlyArray<{ path: string; message: string }> },
): TenonError {
  const [first] = problems;
  const what = `${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'it is not valid'}`;
  return new TenonError(
    'record_invalid',
    `${model} ${id === null ? 'without an id' : `"${id}"`} is not valid: ${what}.`,
    {
      hint: `Map the provider's value in the script, or change the model ${model}. (\`allowQuarantine: true\` lets it pass.)`,
      details: { model, ...(id !== null && { id }), path: first?.path ?? '', problems },
    },
  );
}
