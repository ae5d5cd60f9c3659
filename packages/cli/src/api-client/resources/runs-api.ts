import {
  logEntrySchema,
  pageOf,
  runCaptureSchema,
  runSchema,
  triggeredRunSchema,
  type LiveEvent,
  type LogEntry,
  type LogKind,
  type LogLevel,
  type Page,
  type Run,
  type RunCapture,
  type RunStatus,
  type TriggeredRun,
} from '@tenon/runtime/contract';
import { limitsOf, type CallLimits, type PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';
import { openLiveEvents } from '../open-live-events.ts';

/** What narrows a list of log lines. */
export interface LogFilter {
  readonly runId?: string | undefined;
  readonly level?: LogLevel | undefined;
  readonly kind?: LogKind | undefined;
  readonly search?: string | undefined;
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly function?: string | undefined;
  /** ISO 8601 time. */
  readonly after?: string | undefined;
}

/** The routes of runs, what they logged, and what happens now. */
export interface RunsApi {
  listRuns(
    page?: PageRequest & {
      integration?: string | undefined;
      connection?: string | undefined;
      function?: string | undefined;
      status?: RunStatus | undefined;
    },
  ): Promise<Page<Run>>;
  getRun(id: string, limits?: CallLimits): Promise<Run>;
  /** What a failed run met; `capture_missing` says why there is nothing. */
  getCapture(id: string, limits?: CallLimits): Promise<RunCapture>;
  cancelRun(id: string, limits?: CallLimits): Promise<void>;
  /** Runs a sync again that has ended. */
  retryRun(id: string, limits?: CallLimits): Promise<TriggeredRun>;
  listLogs(page?: PageRequest & LogFilter): Promise<Page<LogEntry>>;
  /**
   * Events from now on. Resolves when the server streams, so that nothing which is triggered afterwards is missed.
   * The stream ends with the signal, without an error.
   */
  openEvents(options: { signal: AbortSignal }): Promise<AsyncGenerator<LiveEvent, void, undefined>>;
}

export function createRunsApi(http: HttpTransport): RunsApi {
  return {
    listRuns: ({ signal, timeoutMs, ...query } = {}) =>
      http.call({ ...limitsOf(signal, timeoutMs), method: 'GET', path: ['runs'], query }, pageOf(runSchema)),
    getRun: (id, limits) => http.call({ ...limits, method: 'GET', path: ['runs', id] }, runSchema),
    getCapture: (id, limits) =>
      http.call({ ...limits, method: 'GET', path: ['runs', id, 'capture'] }, runCaptureSchema),
    async cancelRun(id, limits) {
      await http.call({ ...limits, method: 'POST', path: ['runs', id, 'cancel'] }, anything);
    },
    retryRun: (id, limits) => http.call({ ...limits, method: 'POST', path: ['runs', id, 'retry'] }, triggeredRunSchema),
    listLogs: ({ signal, timeoutMs, ...query } = {}) =>
      http.call({ ...limitsOf(signal, timeoutMs), method: 'GET', path: ['logs'], query }, pageOf(logEntrySchema)),
    openEvents: ({ signal }) => openLiveEvents(http, signal),
  };
}
