import type { SyncStatus } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import type { Output } from '../output/output.ts';
import { TenonError } from '@tenon/runtime/errors';
import { listAllSyncs } from './all-syncs.ts';

export interface DevKeysOptions {
  readonly server: Pick<ApiClient, 'listSyncs' | 'triggerSync' | 'pauseSync' | 'resumeSync'>;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** What the keys of `tenon dev` do: `r` runs every sync now, `p` pauses and resumes their schedules. */
export class DevKeys {
  readonly #options: DevKeysOptions;
  #isPaused = false;
  #working: Promise<void> | undefined;

  constructor(options: DevKeysOptions) {
    this.#options = options;
  }

  /** Resolves when the key's work is done; keys that are pressed meanwhile are ignored. */
  press(key: string): Promise<void> {
    if (this.#working !== undefined) return this.#working;
    const work = { r: () => this.#runAll(), p: () => this.#togglePause() }[key];
    if (work === undefined) return Promise.resolve();
    this.#working = work()
      .catch((error: unknown) => {
        if (!this.#options.signal.aborted) this.#options.onError(error);
      })
      .finally(() => {
        this.#working = undefined;
      });
    return this.#working;
  }

  async #runAll(): Promise<void> {
    const { server, output, signal } = this.#options;
    let count = 0;
    for (const sync of await listAllSyncs(server, signal)) {
      // Their lines come with the events.
      if (await this.#isTriggered(sync)) count += 1;
    }
    if (count === 0) output.line('No sync to run: connect an account with `tenon connect`.');
    else output.line(count === 1 ? 'Running 1 sync' : `Running ${count} syncs`);
  }

  /** The list also has the syncs whose scripts were deleted: what they did stays to be seen. */
  async #isTriggered(sync: SyncStatus): Promise<boolean> {
    const { server, signal } = this.#options;
    try {
      await server.triggerSync(refOf(sync), { signal });
      return true;
    } catch (error) {
      if (error instanceof TenonError && error.code === 'not_found') return false;
      throw error;
    }
  }

  async #togglePause(): Promise<void> {
    const { server, output, signal } = this.#options;
    for (const sync of await listAllSyncs(server, signal)) {
      if (this.#isPaused) await server.resumeSync(refOf(sync), { signal });
      else await server.pauseSync(refOf(sync), { signal });
    }
    this.#isPaused = !this.#isPaused;
    output.line(this.#isPaused ? 'Schedules are paused; p resumes them.' : 'Schedules run again.');
  }
}

function refOf({ integration, connection, sync }: SyncStatus) {
  return { integration, connection, sync };
}
