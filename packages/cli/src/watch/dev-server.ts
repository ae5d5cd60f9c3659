import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../api-client/api-client.ts';
import { isProcessAlive, readLocalApiKey, readLocalServer } from '../api-client/local-server.ts';
import type { CommandContext } from '../command-context.ts';
import { wait } from '../follow/wait.ts';
import { formatDuration } from '../output/format-run.ts';
import { startServer, type ServerProcess } from './start-server.ts';

export interface DevServerOptions {
  readonly context: CommandContext;
  readonly root: string;
  readonly port?: number | undefined;
  /** For tests; default: the installed server. */
  readonly program?: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** A server that ends this often in a minute will go on doing so. */
const mostRestarts = 3;
const restartWindowMs = 60_000;
/** How often a server that somebody else started is looked at. */
const lookMs = 1_000;

/**
 * The server of `tenon dev`: one that runs for the project already, or a process of our own. Whichever it is, when it
 * ends, another one is started in its place, at the same address and with the same data.
 */
export class DevServer {
  readonly #options: DevServerOptions;
  readonly #stopped = new AbortController();
  #process: ServerProcess | undefined;
  /** Of a server that somebody else started. */
  #pid: number | undefined;
  #variables: Variables;
  /** While it is ended and started on purpose. */
  #restarting: Promise<void> | undefined;
  #ends: number[] = [];
  #api: ApiClient | undefined;

  constructor(options: DevServerOptions) {
    this.#options = options;
    this.#variables = options.context.env.variables;
  }

  /** Whether it is a process of our own. */
  get isOwned(): boolean {
    return this.#process !== undefined;
  }

  /**
   * Finds or starts it.
   * @throws TenonError with what the server said when it cannot start
   */
  async start(): Promise<ApiClient> {
    const { context, root, port } = this.#options;
    const running = await readLocalServer(root);
    if (running?.isAlive) {
      this.#pid = running.pid;
      return this.#connect(running.url);
    }
    const progress = context.output.progress('Starting the server');
    try {
      const process = await this.#launch(port);
      this.#process = process;
      return await this.#connect(process.url);
    } finally {
      progress.stop();
    }
  }

  /** Keeps one running until it is stopped. @throws TenonError when it keeps ending, with its reason */
  async keepRunning(): Promise<void> {
    const { output } = this.#options.context;
    while (!this.#stopped.signal.aborted) {
      const reason = await this.#untilEnded();
      if (this.#stopped.signal.aborted) return;
      if (this.#restarting !== undefined) {
        await this.#restarting.catch(() => {});
        continue;
      }
      this.#noteEnd(reason);
      output.line(`${output.colors.red('✗')} The server ended: ${reason}`);
      output.event({ type: 'server-ended', reason });
      await this.#replace();
    }
  }

  /**
   * Starts it again with other variables, if it is ours.
   * @returns whether it was done
   * @throws TenonError when it does not start with them; then it runs on with those of before
   */
  async useVariables(variables: Variables): Promise<boolean> {
    // One after the other: .env may be saved again while the server starts.
    await this.#restarting?.catch(() => {});
    if (JSON.stringify(variables) === JSON.stringify(this.#variables)) return true;
    const process = this.#process;
    if (process === undefined) return false;
    this.#options.context.output.line('The variables changed: starting the server again.');
    this.#restarting = this.#restart(process, variables).finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
    return true;
  }

  /** Ends what was started; a server of somebody else stays. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#api?.close();
    await this.#process?.stop();
  }

  async #restart(process: ServerProcess, variables: Variables): Promise<void> {
    const before = this.#variables;
    await process.stop();
    try {
      this.#variables = variables;
      await this.#replace();
    } catch (error) {
      this.#variables = before;
      await this.#replace();
      throw error;
    }
  }

  async #replace(): Promise<void> {
    const { output } = this.#options.context;
    const beganMs = performance.now();
    const { port } = new URL(this.#api?.url ?? 'http://127.0.0.1');
    this.#process = undefined;
    this.#process = await this.#launch(Number(port));
    this.#pid = undefined;
    const seconds = formatDuration(performance.now() - beganMs);
    output.line(
      `${output.colors.green('✓')} The server runs again, after ${seconds}; what was in flight is tried again.`,
    );
    output.event({ type: 'server-restarted', url: this.#process.url });
  }

  #launch(port: number | undefined): Promise<ServerProcess> {
    const { context, root, program } = this.#options;
    return startServer({
      projectRoot: root,
      port,
      variables: this.#variables,
      signal: AbortSignal.any([context.signal, this.#stopped.signal]),
      ...(program !== undefined && { program }),
    });
  }

  async #connect(url: string): Promise<ApiClient> {
    const apiKey = await readLocalApiKey(this.#options.root);
    if (apiKey === undefined) {
      throw new TenonError('not_logged_in', 'The server wrote no .tenon/api-key.', {
        hint: 'Stop every server of this project and start `tenon dev` again.',
      });
    }
    const { createApiClient } = await import('../api-client/create-api-client.ts');
    this.#api = createApiClient({ url, apiKey });
    return this.#api;
  }

  async #untilEnded(): Promise<string> {
    // A process of our own ends when this stops, too.
    if (this.#process !== undefined) return this.#process.ended;
    const { signal } = this.#stopped;
    while (this.#pid !== undefined && isProcessAlive(this.#pid) && !signal.aborted) await wait(lookMs, signal);
    return 'whoever started it stopped it.';
  }

  #noteEnd(reason: string): void {
    const nowMs = performance.now();
    this.#ends = [...this.#ends.filter((endMs) => nowMs - endMs < restartWindowMs), nowMs];
    if (this.#ends.length <= mostRestarts) return;
    throw new TenonError('server_unreachable', `The server ended ${this.#ends.length} times in a minute: ${reason}`, {
      hint: 'Run `tenon doctor` to see what is missing.',
    });
  }
}
