import type { LogLevel } from '../contract/api/runs.ts';
import type { Answers, Ask, PartitionState } from './asks.ts';
import type { SyncManifest } from '../contract/manifest.ts';
import type { WebhookEvent } from '../define/define-sync.ts';
import type { EngineRequests } from '../request/page-watch.ts';
import type { OutgoingPage } from './worker-protocol.ts';

/** Asks the server; rejects with the TenonError that it answered. */
export type AskServer = <Kind extends Ask['kind']>(ask: Extract<Ask, { kind: Kind }>) => Promise<Answers[Kind]>;

/** Everything that a script's run touches outside itself; a worker process and an in-memory test each supply it. */
export interface ScriptEnvironment {
  readonly runId: string;
  readonly integration: string;
  readonly connection: {
    readonly id: string;
    readonly config: Readonly<Record<string, string>>;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  readonly requests: EngineRequests;
  /** Aborted at the deadline and on cancel, with the TenonError that the run then ends with. */
  readonly signal: AbortSignal;
  readonly ask: AskServer;
  log(level: LogLevel, message: string, data?: Record<string, unknown>): void;
  /** Unix time in milliseconds. Default: the machine's. */
  now?(): number;
  /** Whether a text holds a secret of the run, so that it must not be kept. Default: none does. */
  holdsSecret?(text: string): boolean;
}

export interface SyncEnvironment extends ScriptEnvironment {
  /** As stored; validated against the definition. */
  readonly settings?: unknown;
  /** Default `run`. */
  readonly mode?: 'run' | 'webhook' | 'replay';
  /** Of mode `webhook`. */
  readonly event?: WebhookEvent | undefined;
  /** Where the last run ended; without a cursor in it: `initial` of the cursor options. */
  readonly state?: PartitionState;
  /** Of a backfill. */
  readonly until?: string | number | undefined;
  /** From the manifest; undefined: derived from the definition. */
  readonly cursorOptions?: SyncManifest['cursor'] | undefined;
  /**
   * Commits one page. Called for up to four pages at once, in order; pages must be committed in the order of the
   * calls, for a page's cursor covers all pages before it.
   */
  commitPage(page: OutgoingPage): Promise<CommittedPage>;
}

/** What became of a page. */
export interface CommittedPage {
  /** Ids of patches whose basis was not what the store held: nothing was written for them. */
  readonly conflicts: readonly string[];
}

export interface ActionEnvironment extends ScriptEnvironment {
  /** As the app sent it; validated against the definition. */
  readonly input?: unknown;
}
