import type { SyncStatus } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import type { Output } from '../output/output.ts';
import { TenonError } from '@tenon/runtime/errors';
import { forwardToSyncs } from '../events/forward-to-syncs.ts';
import type { SampleEvent } from '../events/sample-event.ts';
import { listAllSyncs } from './all-syncs.ts';
import { KeyMenu } from './key-menu.ts';

export interface DevKeysOptions {
  readonly server: Pick<ApiClient, 'listSyncs' | 'triggerSync' | 'pauseSync' | 'resumeSync' | 'forwardEvent'>;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Opens the server's page. */
  readonly openPage: () => Promise<void>;
  /** The events that can be sent to an integration of the project. */
  readonly listSamples: (integration: string) => Promise<readonly SampleEvent[]>;
}

interface Key {
  readonly key: string;
  readonly does: string;
  press(): Promise<void>;
}

/** What the keys of `tenon dev` do. `q` is not here: it ends everything, whatever else goes on. */
export class DevKeys {
  readonly #options: DevKeysOptions;
  readonly #menu: KeyMenu;
  readonly #keys: readonly Key[];
  #working: Promise<void> | undefined;

  constructor(options: DevKeysOptions) {
    this.#options = options;
    this.#menu = new KeyMenu(options.output);
    this.#keys = [
      { key: 'r', does: 'run a sync', press: () => this.#run() },
      { key: 't', does: 'send a test webhook', press: () => this.#sendEvent() },
      { key: 'o', does: 'open the server’s page', press: () => options.openPage() },
      { key: 'p', does: 'pause or resume all schedules', press: () => this.#togglePause() },
      { key: 'c', does: 'clear the screen', press: () => this.#clear() },
      { key: 'h', does: 'show this', press: () => this.#help() },
    ];
  }

  /** Whether a question waits for a key: then `q` and Ctrl+C close it. */
  get isAsking(): boolean {
    return this.#menu.isOpen;
  }

  /** Resolves when the key's work is done; keys that are pressed meanwhile are ignored. */
  press(key: string): Promise<void> {
    if (this.#working !== undefined) return this.#working;
    const work = this.#menu.isOpen
      ? this.#menu.press(key)
      : key === '\r'
        ? this.#emptyLine()
        : this.#keys.find((one) => one.key === key)?.press();
    if (work === undefined) return Promise.resolve();
    this.#working = work
      .catch((error: unknown) => {
        if (!this.#options.signal.aborted) this.#options.onError(error);
      })
      .finally(() => {
        this.#working = undefined;
      });
    return this.#working;
  }

  async #run(): Promise<void> {
    const { server, output, signal } = this.#options;
    const syncs = await listAllSyncs(server, signal);
    if (syncs.length <= 1) return this.#trigger(syncs);
    const choices = syncs.map((sync) => ({ label: describeSync(sync), choose: () => this.#trigger([sync]) }));
    this.#menu.open(`${output.colors.bold('Run')} which sync?`, choices, () => this.#trigger(syncs));
  }

  async #trigger(syncs: readonly SyncStatus[]): Promise<void> {
    const { output } = this.#options;
    const triggered: SyncStatus[] = [];
    for (const sync of syncs) {
      // Their lines come with the events.
      if (await this.#isTriggered(sync)) triggered.push(sync);
    }
    const [first] = triggered;
    if (first === undefined) output.line('No sync to run: connect an account with `tenon connect`.');
    else output.line(triggered.length === 1 ? `Running ${describeSync(first)}` : `Running ${triggered.length} syncs`);
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

  async #sendEvent(): Promise<void> {
    const { server, output, signal, listSamples } = this.#options;
    const syncs = await listAllSyncs(server, signal);
    const accounts = new Map(syncs.map((sync) => [`${sync.integration} ${sync.connection}`, sync]));
    const choices = [];
    for (const { integration, connection } of accounts.values()) {
      for (const sample of await listSamples(integration)) {
        const label = `${integration}.${sample.name} ${output.colors.dim(`to ${connection}`)}`;
        choices.push({ label, choose: () => this.#forward({ integration, connection }, sample) });
      }
    }
    const [first] = choices;
    if (accounts.size === 0) output.line('Nobody to send to: connect an account with `tenon connect`.');
    else if (first === undefined) {
      output.line(
        'No sample event: write integrations/<integration>/webhooks/<name>.json, or use `tenon webhooks send --data`.',
      );
    } else if (choices.length === 1) await first.choose();
    else this.#menu.open(`${output.colors.bold('Send')} which event?`, choices);
  }

  async #forward(account: { integration: string; connection: string }, sample: SampleEvent): Promise<void> {
    const { server, output, signal } = this.#options;
    const runs = await forwardToSyncs(server, { ...account, event: sample, syncs: sample.syncs, signal });
    const names = runs.map(({ run }) => `${run.integration}/${run.function}`);
    output.line(`Sent ${account.integration}.${sample.name} to ${names.join(' and ')} ${account.connection}`);
  }

  async #togglePause(): Promise<void> {
    const { server, output, signal } = this.#options;
    const syncs = (await listAllSyncs(server, signal)).filter(({ schedule }) => schedule !== null);
    if (syncs.length === 0) return output.line('No sync has a schedule.');
    const isPaused = syncs.every(({ paused }) => paused);
    for (const sync of syncs) {
      if (isPaused) await server.resumeSync(refOf(sync), { signal });
      else await server.pauseSync(refOf(sync), { signal });
    }
    output.line(isPaused ? 'Schedules run again.' : 'Schedules are paused; p resumes them.');
  }

  #clear(): Promise<void> {
    // The screen, what is above it, and the cursor to the top.
    this.#options.output.raw('\u001B[2J\u001B[3J\u001B[H');
    return Promise.resolve();
  }

  #help(): Promise<void> {
    const { output } = this.#options;
    for (const { key, does } of this.#keys) output.line(`  ${output.colors.cyan(key)} ${does}`);
    output.line(`  ${output.colors.cyan('q')} quit`);
    return Promise.resolve();
  }

  /** As in every terminal: to part what was from what comes. */
  #emptyLine(): Promise<void> {
    this.#options.output.line();
    return Promise.resolve();
  }
}

function refOf({ integration, connection, sync }: SyncStatus) {
  return { integration, connection, sync };
}

function describeSync({ integration, connection, sync }: SyncStatus): string {
  return `${integration}/${sync} ${connection}`;
}
