import {
  pageOf,
  runSchema,
  syncStateSchema,
  syncStatusSchema,
  tickSchema,
  triggeredRunSchema,
  type Page,
  type Run,
  type SyncState,
  type SyncStatus,
  type Tick,
  type TriggeredRun,
} from '@tenon/runtime/contract';
import { limitsOf, pathOf, type CallLimits, type ConnectionRef, type PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

/** The routes of syncs and their schedules. */
export interface SyncsApi {
  listSyncs(
    page?: PageRequest & { integration?: string | undefined; connection?: string | undefined },
  ): Promise<Page<SyncStatus>>;
  triggerSync(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<TriggeredRun>;
  /** Hands an event of the provider to the sync's onWebhook. */
  forwardEvent(
    ref: ConnectionRef & { sync: string },
    event: { readonly headers: Readonly<Record<string, string>>; readonly body: unknown },
    limits?: CallLimits,
  ): Promise<TriggeredRun>;
  pauseSync(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<void>;
  resumeSync(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<void>;
  /** In words, such as "every 1h"; null: as the code says. */
  setSchedule(ref: ConnectionRef & { sync: string }, schedule: string | null, limits?: CallLimits): Promise<SyncStatus>;
  backfillSync(
    ref: ConnectionRef & { sync: string },
    range: { from: string | number; until?: string | number | undefined },
    limits?: CallLimits,
  ): Promise<Run>;
  /** The times at which it was due, the latest first. */
  listTicks(ref: ConnectionRef & { sync: string }, page?: PageRequest): Promise<Page<Tick>>;
  /** What it remembers, of itself first, then of each partition. */
  listSyncStates(ref: ConnectionRef & { sync: string }, page?: PageRequest): Promise<Page<SyncState>>;
}

export function createSyncsApi(http: HttpTransport): SyncsApi {
  return {
    listSyncs: ({ signal, timeoutMs, ...query } = {}) =>
      http.call({ ...limitsOf(signal, timeoutMs), method: 'GET', path: ['syncs'], query }, pageOf(syncStatusSchema)),
    triggerSync: (ref, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'trigger'] },
        triggeredRunSchema,
      ),
    forwardEvent: (ref, event, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'events'], body: event },
        triggeredRunSchema,
      ),
    async pauseSync(ref, limits) {
      await http.call({ ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'pause'] }, anything);
    },
    async resumeSync(ref, limits) {
      await http.call({ ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'resume'] }, anything);
    },
    setSchedule: (ref, schedule, limits) =>
      http.call(
        { ...limits, method: 'PUT', path: [...pathOf(ref), 'syncs', ref.sync, 'schedule'], body: { schedule } },
        syncStatusSchema,
      ),
    backfillSync: (ref, range, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'backfill'], body: range },
        runSchema,
      ),
    listTicks: (ref, { signal, timeoutMs, ...query } = {}) =>
      http.call(
        {
          ...limitsOf(signal, timeoutMs),
          method: 'GET',
          path: [...pathOf(ref), 'syncs', ref.sync, 'ticks'],
          query,
        },
        pageOf(tickSchema),
      ),
    listSyncStates: (ref, { signal, timeoutMs, ...query } = {}) =>
      http.call(
        {
          ...limitsOf(signal, timeoutMs),
          method: 'GET',
          path: [...pathOf(ref), 'syncs', ref.sync, 'states'],
          query,
        },
        pageOf(syncStateSchema),
      ),
  };
}
