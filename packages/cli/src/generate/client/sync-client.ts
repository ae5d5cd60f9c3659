import type { ConnectionContext } from './connection-context.ts';
import type { CallOptions } from './transport.ts';

/** One execution of a sync. */
export interface Run {
  readonly id: string;
  readonly status:
    | 'queued'
    | 'running'
    | 'succeeded'
    | 'partial'
    | 'held'
    | 'failed'
    | 'timed_out'
    | 'cancelled'
    | 'auth_failed'
    | 'rate_limited'
    | 'lost';
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Drives one sync of one connection. */
export class SyncClient {
  readonly #context: ConnectionContext;
  readonly #sync: string;

  constructor(context: ConnectionContext, sync: string) {
    this.#context = context;
    this.#sync = sync;
  }

  /** Runs the sync now, unless it runs already. */
  trigger(options: CallOptions = {}): Promise<{ readonly run: Run; readonly alreadyRunning: boolean }> {
    return this.#post('trigger', options);
  }

  /** Stops its schedule; a run in flight finishes. */
  async pause(options: CallOptions = {}): Promise<void> {
    await this.#post('pause', options);
  }

  /** Starts its schedule again. */
  async resume(options: CallOptions = {}): Promise<void> {
    await this.#post('resume', options);
  }

  #post<Answer>(verb: string, options: CallOptions): Promise<Answer> {
    const path = [...this.#context.path, 'syncs', this.#sync, verb];
    return this.#context.transport.send<Answer>({ ...options, method: 'POST', path });
  }
}
