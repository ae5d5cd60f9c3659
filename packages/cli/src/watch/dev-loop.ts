import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { bundleFile } from '../compile/bundle-file.ts';
import { createCompiler, type Compiler } from '../compile/compile-project.ts';
import type { CompiledProject } from '../compile/compiled-project.ts';
import { configFileName } from '../project/find-project-root.ts';
import { loadProject } from '../project/load-project.ts';
import type { Project } from '../project/project.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { wait } from '../follow/wait.ts';
import type { Output } from '../output/output.ts';
import { printChange } from './change-line.ts';
import { reactToError } from './error-reaction.ts';
import { findAwaitedSources } from './awaited-sources.ts';
import { goLive } from './go-live.ts';
import { LintWatch } from './lint-watch.ts';
import { countFindings } from '../lint/lint-error.ts';
import { printLints } from '../lint/print-lints.ts';
import { runningNote } from './running-version.ts';
import { SdkWatch } from './sdk-watch.ts';
import { showProblem } from './show-problem.ts';
import { TypeWatch } from './type-watch.ts';
import { needsReload, type FileChange } from './watch-project.ts';

/** Where to deploy. */
export interface DevTarget {
  readonly server: Pick<ApiClient, 'planDeployment' | 'uploadBundle' | 'createDeployment'>;
  /** The version that is active there already; 0: none. */
  readonly activeVersion: number;
}

export interface DevLoopOptions {
  readonly root: string;
  /** Compiling begins before it is there. */
  readonly target: DevTarget | Promise<DevTarget>;
  readonly output: Output;
  readonly signal: AbortSignal;
  /**
   * Told what the scripts and the config are made from, and what they lack, so that files anywhere are watched.
   * @param readAtMs when they were read, in milliseconds since 1970
   */
  readonly onSources?: (sources: ReadonlySet<string>, readAtMs: number) => void;
  /** Milliseconds before what a passing failure stopped is tried again. Default 1,000. */
  readonly retryMs?: number;
  /** Milliseconds for which the line of a change waits for its types. Default 1,000. */
  readonly typesPatienceMs?: number;
}

/** As many lints as fit on one screen with their frames; `tenon check` shows all. */
const mostLints = 3;

/**
 * From a save to live code, one build at a time: saves that come during a build are one build after it.
 *
 *   save -> (reload the project) -> bundle and evaluate what changed -> deploy -> SDK -> one line
 *        -> type check, beside it all: it delays neither going live nor the next build
 *        -> lints, once it is live
 *
 * Whatever is wrong with the project is shown, and waits for the next save; the version before runs on.
 */
export class DevLoop {
  readonly #options: DevLoopOptions;
  readonly #types = new TypeWatch();
  readonly #lints = new LintWatch();
  readonly #sdk = new SdkWatch();
  readonly #disposed = new AbortController();
  #project: Project | undefined;
  #compiler: Compiler | undefined;
  #manifest: Manifest | undefined;
  /** Of tenon.config.ts: itself, and what it imports. */
  #configSources: ReadonlySet<string> = new Set();
  #hashes: ReadonlySet<string> = new Set();
  #running: number | undefined;
  #waiting: FileChange[] = [];
  #savedAtMs = 0;
  #building: Promise<void> | undefined;
  #printing: Promise<void> = Promise.resolve();

  constructor(options: DevLoopOptions) {
    this.#options = options;
  }

  /** Builds everything. Resolves when the first line is printed, whether it went well or not. */
  start(): Promise<void> {
    return this.#enqueue([], performance.now());
  }

  /** Builds what a save changed; resolves when its line is printed. Rejects when the loop cannot go on. */
  save(changes: readonly FileChange[], savedAtMs: number): Promise<void> {
    return this.#enqueue(changes, savedAtMs);
  }

  /** As it was last read in whole; undefined while it cannot be. */
  get project(): Project | undefined {
    return this.#project;
  }

  /** Of what was deployed last. */
  get manifest(): Manifest | undefined {
    return this.#manifest;
  }

  async dispose(): Promise<void> {
    this.#types.stop();
    this.#disposed.abort();
    this.#lints.stop();
    await this.#building?.catch(() => {});
    await this.#printing;
    await this.#compiler?.dispose();
  }

  async #enqueue(changes: readonly FileChange[], savedAtMs: number): Promise<void> {
    if (this.#waiting.length === 0) this.#savedAtMs = savedAtMs;
    this.#waiting.push(...changes);
    this.#building ??= this.#buildAll();
    await this.#building;
    await this.#printing;
  }

  async #buildAll(): Promise<void> {
    try {
      do {
        const changes = this.#waiting;
        this.#waiting = [];
        await this.#build(changes, this.#savedAtMs);
      } while (this.#waiting.length > 0 && !this.#options.signal.aborted);
    } finally {
      // In the same turn as the last look at what waits: a save in between would never be built.
      this.#building = undefined;
    }
  }

  async #build(changes: readonly FileChange[], savedAtMs: number): Promise<void> {
    const { output, root, signal } = this.#options;
    const readAtMs = Date.now();
    try {
      const project = await this.#reload(changes);
      const types = this.#types.check(project);
      // When the build fails before anybody waits for it, its own failure is not news.
      types.catch(() => {});
      const compiled = await this.#compile(readAtMs);
      const live = await this.#deploy(compiled);
      const liveMs = performance.now() - savedAtMs;
      if (live.version !== undefined) this.#running = live.version;
      const bundles = [...compiled.bundles.keys()].filter((hash) => !this.#hashes.has(hash)).length;
      this.#hashes = new Set(compiled.bundles.keys());
      this.#manifest = compiled.manifest;
      const sdk = await this.#updateSdk(project, compiled.manifest);
      const line = { types, bundles, ...sdk, version: live.version, runs: this.#running, liveMs };
      // The next build does not wait for the types of this one: it ends their check, and with it the wait.
      const { typesPatienceMs = 1_000 } = this.#options;
      this.#printing = printChange(line, { output, root, signal: this.#disposed.signal, typesPatienceMs });
      // Only now, so that they take no processor from going live; the next save does not wait for them.
      void this.#printing.then(() => this.#lint(project));
    } catch (error) {
      if (signal.aborted) return;
      const reaction = reactToError(error);
      if (reaction === 'stop') throw error;
      // A newer save took over while the server was away: its own build tells.
      if (reaction === 'retry' && this.#waiting.length > 0) return;
      this.#options.onSources?.(findAwaitedSources(error), readAtMs);
      await showProblem(output, error, { root, note: runningNote(this.#running, 'on'), runs: this.#running });
    }
  }

  async #reload(changes: readonly FileChange[]): Promise<Project> {
    const { root, onSources } = this.#options;
    const isReloading = changes.some((change) => needsReload(change) || this.#configSources.has(change.path));
    if (this.#project !== undefined && this.#compiler !== undefined && !isReloading) return this.#project;
    // Until it is read in whole, the next save reads it anew.
    this.#project = undefined;
    await this.#compiler?.dispose();
    this.#compiler = undefined;
    // Without it, a project in a folder above would be taken for this one.
    if (!existsSync(join(root, configFileName))) {
      throw new TenonError('project_not_found', `${configFileName} is gone.`, {
        hint: 'It is waited for: bring it back, or press q.',
      });
    }
    const readAtMs = Date.now();
    const config = await bundleFile(root, configFileName).catch(() => undefined);
    if (config !== undefined) {
      this.#configSources = new Set(config.sources);
      onSources?.(this.#configSources, readAtMs);
    }
    const project = await loadProject(root);
    this.#compiler = await createCompiler(project);
    this.#project = project;
    return project;
  }

  async #compile(readAtMs: number): Promise<CompiledProject> {
    if (this.#compiler === undefined) throw new Error('The project is not loaded.');
    const compiled = await this.#compiler.compile({ signal: this.#options.signal });
    this.#options.onSources?.(compiled.sources, readAtMs);
    return compiled;
  }

  /** Keeps trying while the server is only busy or away; a newer save takes over. */
  async #deploy(compiled: CompiledProject) {
    const { signal, retryMs = 1_000 } = this.#options;
    const { server, activeVersion } = await this.#options.target;
    this.#running ??= activeVersion;
    for (let isTold = false; ; isTold = true) {
      try {
        return await goLive(server, compiled, signal);
      } catch (error) {
        if (signal.aborted || reactToError(error) !== 'retry' || this.#waiting.length > 0) throw error;
        if (!isTold) this.#tellWait(error);
        await wait(retryMs, signal);
        signal.throwIfAborted();
      }
    }
  }

  #tellWait(error: unknown): void {
    const { output } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof TenonError ? error.code : 'unexpected';
    output.line(`${output.colors.yellow('!')} ${message} It is tried again until it works.`);
    output.event({ type: 'waiting', code, message });
  }

  /** What was saved is live by now, whatever becomes of the SDK. */
  async #updateSdk(project: Project, manifest: Manifest): Promise<{ sdk: string | undefined; sdkError: unknown }> {
    try {
      return { sdk: await this.#sdk.update(project, manifest), sdkError: undefined };
    } catch (sdkError) {
      if (reactToError(sdkError) === 'stop') throw sdkError;
      return { sdk: undefined, sdkError };
    }
  }

  /** Shows what lints find that the save before did not show. */
  async #lint(project: Project): Promise<void> {
    const { output, root } = this.#options;
    const { signal } = this.#disposed;
    try {
      const report = await this.#lints.check(project);
      if (report === undefined || signal.aborted) return;
      output.event({ type: 'lints', findings: report.findings });
      if (report.findings.length === 0) return;
      await printLints(report, { root, output, mostShown: mostLints });
      output.line(output.colors.yellow(countFindings(report.findings)));
    } catch (error) {
      if (!signal.aborted) await showProblem(output, error, { root, runs: this.#running });
    }
  }
}
