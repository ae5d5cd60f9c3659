import type { Readable } from 'node:stream';
import {
  changesPageSchema,
  decidedHoldSchema,
  holdDetailsSchema,
  holdSchema,
  pageOf,
  prunedRecordsSchema,
  quarantinedRecordSchema,
  recordDifferenceSchema,
  recordSchema,
  recordVersionSchema,
  sqlViewsSchema,
  triggeredRunSchema,
  undoneRunSchema,
  type ChangesPage,
  type DecidedHold,
  type ExportFormat,
  type Hold,
  type HoldDetails,
  type Page,
  type PrunedRecords,
  type PruneRecords,
  type Quarantined,
  type RecordDifference,
  type RecordVersion,
  type SqlViews,
  type StoredRecord,
  type TriggeredRun,
  type UndoneRun,
} from '@tenon/runtime/contract';
import type { z } from 'zod';
import type { CallLimits, ConnectionRef, PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

export interface ModelRef extends ConnectionRef {
  readonly model: string;
}

/** What narrows a list of records, or an export. */
export interface RecordSelection {
  readonly updatedAfter?: string | undefined;
  readonly deleted?: 'exclude' | 'include' | 'only' | undefined;
  /** Comma-separated. */
  readonly ids?: string | undefined;
  /** JSON object. */
  readonly where?: string | undefined;
}

/** The routes that are about records, part of ApiClient. */
export interface RecordsApi {
  listRecords(ref: ModelRef, page?: PageRequest & RecordSelection): Promise<Page<StoredRecord>>;
  getRecord(ref: ModelRef & { id: string }, limits?: CallLimits): Promise<StoredRecord>;
  listChanges(ref: ModelRef, page?: PageRequest & { paths?: boolean | undefined }): Promise<ChangesPage>;
  /** Newest first. */
  getRecordHistory(ref: ModelRef & { id: string }, page?: PageRequest): Promise<Page<RecordVersion>>;
  /** The file as it comes; whoever opened it destroys it. */
  openExport(
    ref: ModelRef,
    options: RecordSelection & { format: ExportFormat; rawText?: boolean | undefined; signal?: AbortSignal },
  ): Promise<Readable>;
  pruneRecords(ref: ModelRef, which: PruneRecords, limits?: CallLimits): Promise<PrunedRecords>;
  listViews(limits?: CallLimits): Promise<SqlViews>;

  listHolds(
    page?: PageRequest & {
      integration?: string | undefined;
      connection?: string | undefined;
      status?: Hold['status'] | undefined;
    },
  ): Promise<Page<Hold>>;
  getHold(id: number, page?: PageRequest): Promise<HoldDetails>;
  approveHold(id: number, limits?: CallLimits): Promise<DecidedHold>;
  discardHold(id: number, limits?: CallLimits): Promise<DecidedHold>;

  listQuarantine(
    page?: PageRequest & {
      integration?: string | undefined;
      connection?: string | undefined;
      model?: string | undefined;
    },
  ): Promise<Page<Quarantined>>;
  deleteQuarantined(id: number, limits?: CallLimits): Promise<void>;
  /** Tries the quarantined records of a sync again, in a run. */
  replayQuarantine(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<TriggeredRun>;

  listRunChanges(id: string, page?: PageRequest): Promise<Page<RecordDifference>>;
  listRunDifferences(ids: { id: string; other: string }, page?: PageRequest): Promise<Page<RecordDifference>>;
  undoRun(id: string, limits?: CallLimits): Promise<UndoneRun>;
}

/** Deletes or restores what may be a whole dataset. */
const changeTimeoutMs = 300_000;

/** The routes that are about records. */
export function createRecordsApi(http: HttpTransport): RecordsApi {
  const recordsOf = ({ integration, connection, model }: ModelRef) => [
    'connections',
    integration,
    connection,
    'records',
    model,
  ];

  function get<Schema extends z.ZodType>(
    schema: Schema,
    { path, request }: { path: readonly string[]; request: (CallLimits & object) | undefined },
  ): Promise<z.output<Schema>> {
    const { signal, timeoutMs, ...query } = request ?? {};
    const limits = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
    return http.call({ ...limits, method: 'GET', path, query }, schema);
  }

  return {
    listRecords: (ref, page) => get(pageOf(recordSchema), { path: recordsOf(ref), request: page }),
    getRecord: (ref, limits) => get(recordSchema, { path: [...recordsOf(ref), ref.id], request: limits }),
    listChanges: ({ integration, connection, model }, page) =>
      get(changesPageSchema, { path: ['connections', integration, connection, 'changes', model], request: page }),
    getRecordHistory: (ref, page) =>
      get(pageOf(recordVersionSchema), { path: [...recordsOf(ref), ref.id, 'history'], request: page }),
    openExport: (ref, { signal, ...query }) =>
      http.open({
        ...(signal && { signal }),
        method: 'GET',
        path: [...recordsOf(ref), 'export'],
        query,
        accept: '*/*',
      }),
    pruneRecords: (ref, body, limits) =>
      http.call(
        { timeoutMs: changeTimeoutMs, ...limits, method: 'POST', path: [...recordsOf(ref), 'prune'], body },
        prunedRecordsSchema,
      ),
    listViews: (limits) => get(sqlViewsSchema, { path: ['views'], request: limits }),

    listHolds: (page) => get(pageOf(holdSchema), { path: ['holds'], request: page }),
    getHold: (id, page) => get(holdDetailsSchema, { path: ['holds', String(id)], request: page }),
    approveHold: (id, limits) =>
      http.call(
        { timeoutMs: changeTimeoutMs, ...limits, method: 'POST', path: ['holds', String(id), 'approve'] },
        decidedHoldSchema,
      ),
    discardHold: (id, limits) =>
      http.call({ ...limits, method: 'POST', path: ['holds', String(id), 'discard'] }, decidedHoldSchema),

    listQuarantine: (page) => get(pageOf(quarantinedRecordSchema), { path: ['quarantine'], request: page }),
    async deleteQuarantined(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['quarantine', String(id)] }, anything);
    },
    replayQuarantine: ({ integration, connection, sync }, limits) =>
      http.call(
        { ...limits, method: 'POST', path: ['connections', integration, connection, 'syncs', sync, 'replay'] },
        triggeredRunSchema,
      ),

    listRunChanges: (id, page) => get(pageOf(recordDifferenceSchema), { path: ['runs', id, 'changes'], request: page }),
    listRunDifferences: ({ id, other }, page) =>
      get(pageOf(recordDifferenceSchema), { path: ['runs', id, 'diff', other], request: page }),
    undoRun: (id, limits) =>
      http.call({ timeoutMs: changeTimeoutMs, ...limits, method: 'POST', path: ['runs', id, 'undo'] }, undoneRunSchema),
  };
}
