import type { Readable } from 'node:stream';
import type {
  ChangesPage,
  DecidedHold,
  ExportFormat,
  Hold,
  HoldDetails,
  Page,
  PrunedRecords,
  PruneRecords,
  Quarantined,
  RecordDifference,
  RecordVersion,
  SqlViews,
  StoredRecord,
  TriggeredRun,
  UndoneRun,
} from '@tenon/runtime/contract';
import type { CallLimits, ConnectionRef, PageRequest } from './api-client.ts';

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
