import type { ActionResult, LogEntry, LogLevel, Page, Run, RunStatus, SyncStatus } from '@tenon/runtime/contract';

interface PageOptions {
  readonly environmentId: number;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

interface SyncAddress {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly sync: string;
}

/** What the API asks of the room that runs things. */
export interface RunOperations {
  triggerSync(request: SyncAddress & { readonly trigger: Run['trigger'] }): Promise<{ readonly run: Run }>;
  callAction(request: {
    readonly environmentId: number;
    readonly integration: string;
    readonly connection: string;
    readonly action: string;
    readonly input: unknown;
    readonly signal: AbortSignal;
  }): Promise<ActionResult>;
  cancelRun(request: { readonly environmentId: number; readonly runId: string }): Promise<Run>;
  getRun(request: { readonly environmentId: number; readonly runId: string }): Promise<Run>;
  listRuns(
    request: PageOptions & {
      readonly integration?: string | undefined;
      readonly connection?: string | undefined;
      readonly function?: string | undefined;
      readonly status?: RunStatus | undefined;
    },
  ): Promise<Page<Run>>;
  listLogs(
    request: PageOptions & { readonly runId?: string | undefined; readonly level?: LogLevel | undefined },
  ): Promise<Page<LogEntry>>;
  listSyncs(
    request: PageOptions & { readonly integration?: string | undefined; readonly connection?: string | undefined },
  ): Promise<Page<SyncStatus>>;
  setSyncPaused(request: SyncAddress & { readonly paused: boolean }): Promise<SyncStatus>;
  /** Gives every connection, or one, the schedules of the active deployment. */
  syncConnectionSchedules(request: { readonly environmentId: number; readonly connectionId?: number }): Promise<void>;
}
