import { createCompiler, type Compiler } from '../compile/compile-project.ts';
import type { CompiledProject } from '../compile/compiled-project.ts';
import { loadProject } from '../project/load-project.ts';
import type { Project } from '../project/project.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { wait } from '../follow/wait.ts';
import { formatDuration } from '../output/format-run.ts';
import type { Output } from '../output/output.ts';
import { reactToError } from './error-reaction.ts';
import { goLive } from './go-live.ts';
import { LintWatch } from './lint-watch.ts';
import { countFindings } from '../lint/lint-error.ts';
import { printLints } from '../lint/print-lints.ts';
import { SdkWatch } from './sdk-watch.ts';
import { showProblem } from './show-problem.ts';
import { TypeWatch, type TypeOutcome } from './type-watch.ts';
import { needsReload, type FileChange } from './watch-project.ts';

export interface DevLoopOptions {
  readonly root: string;
  readonly server: Pick<ApiClient, 'planDeployment' | 'uploadBundle' | 'createDeployment'>;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Told what the bundles were made from, so that a file anywhere in the project that a script imports is watched. */
  readonly onSources?: (sources: ReadonlySet<string>) => void;
  /** Milliseconds before what a passing failure stopped is tried again. Default 1,000. */
  readonly retryMs?: number;
}

/** How long a line waits for the type check, which goes on beside everything else. */
const typesPatienceMs = 1_000;

/** As many as fit on one screen with their frames; `tenon check` shows all. */
const mostLints = 3;

/**
 * From a save to live code, one build at a time: saves that come during a build are one build after it.
 *
 *   save -> (reload the project) -> bundle and evaluate what changed -> deploy -> SDK -> one line
 *        -> type check, beside it all: it never delays going live
 *        -> lints, once it is live
 */
export class DevLoop {
  readonly #options: DevLoopOptions;
  readonly #types = new TypeWatch();
  readonly #lints = new LintWatch();
  readonly #sdk = new SdkWatch();
  #project: Project | undefined;
  #compiler: Compiler | undefined;
  #hashes: ReadonlySet<string> = new Set();
  #waiting: FileChange[] = [];
  #savedAtMs = 0;
  #building: Promise<void> | undefined;

  constructor(options: DevLoopOptions) {
    this.#options = options;
  }

  /** Builds everything. Resolves when the first line is printed, whether it went well or not. */
  start(): Promise<void> {
    return this.#enqueue([], performance.now());
  }

  /** Builds what a save changed. Rejects when the loop cannot go on. */
  save(changes: readonly FileChange[], savedAtMs: number): Promise<void> {
    return this.#enqueue(changes, savedAtMs);
  }

  /** As it was last read in whole; undefined while it cannot be. */
  get project(): Project | undefined {
    return this.#project;
  }

  async dispose(): Promise<void> {
    this.#types.stop();
    this.#lints.stop();
    await this.#building?.catch(() => {});
    await this.#compiler?.dispose();
  }

  #enqueue(changes: readonly FileChange[], savedAtMs: number): Promise<void> {
    if (this.#waiting.length === 0) this.#savedAtMs = savedAtMs;
    this.#waiting.push(...changes);
    this.#building ??= this.#buildAll();
    return this.#building;
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
    try {
      const project = await this.#reload(changes);
      const types = this.#types.check(project);
      // When the build fails before anybody waits for it, its own failure is not news.
      types.catch(() => {});
      const compiled = await this.#compile();
      const live = await this.#deploy(compiled);
      const liveMs = performance.now() - savedAtMs;
      const changed = [...compiled.bundles.keys()].filter((hash) => !this.#hashes.has(hash)).length;
      this.#hashes = new Set(compiled.bundles.keys());
      const sdk = await this.#sdk.update(project, compiled.manifest);
      await this.#report({ types, changed, sdk, version: live.version, liveMs });
      // Only now, so that it takes no processor from going live; the next save does not wait for it.
      void this.#lint(project);
    } catch (error) {
      if (signal.aborted) return;
      if (reactToError(error) === 'stop') throw error;
      showProblem(output, error, root);
    }
  }

  async #reload(changes: readonly FileChange[]): Promise<Project> {
    if (this.#project !== undefined && this.#compiler !== undefined && !changes.some(needsReload)) return this.#project;
    // Until it is read in whole, the next save reads it anew.
    this.#project = undefined;
    await this.#compiler?.dispose();
    this.#compiler = undefined;
    const project = await loadProject(this.#options.root);
    this.#compiler = await createCompiler(project);
    this.#project = project;
    return project;
  }

  async #compile(): Promise<CompiledProject> {
    if (this.#compiler === undefined) throw new Error('The project is not loaded.');
    const compiled = await this.#compiler.compile({ signal: this.#options.signal });
    this.#options.onSources?.(compiled.sources);
    return compiled;
  }

  /** Keeps trying while the server is only busy or away; a newer save takes over. */
  async #deploy(compiled: CompiledProject) {
    const { server, signal, output, root, retryMs = 1_000 } = this.#options;
    for (let isTold = false; ; isTold = true) {
      try {
        return await goLive(server, compiled, signal);
      } catch (error) {
        if (signal.aborted || reactToError(error) !== 'retry' || this.#waiting.length > 0) throw error;
        if (!isTold) showProblem(output, error, root);
        await wait(retryMs, signal);
        signal.throwIfAborted();
      }
    }
  }

  async #report(build: {
    types: Promise<TypeOutcome>;
    changed: number;
    sdk: string | undefined;
    version: number | undefined;
    liveMs: number;
  }): Promise<void> {
    const { output, root, signal } = this.#options;
    const { colors } = output;
    const patience = new AbortController();
    const outcome = await Promise.race([
      build.types,
      wait(typesPatienceMs, AbortSignal.any([signal, patience.signal])).then(() => undefined),
    ]);
    patience.abort();
    const live = build.version === undefined ? 'nothing changed' : colors.green(`live in ${formatMs(build.liveMs)}`);
    const parts = [describeTypes(outcome), `bundle ${build.changed}`, build.sdk, live];
    output.line(parts.filter((part) => part !== undefined).join(colors.dim(' · ')));
    output.event({
      type: 'change',
      types: outcome?.state ?? 'running',
      bundles: build.changed,
      sdk: build.sdk ?? null,
      version: build.version ?? null,
      liveMs: Math.round(build.liveMs),
    });
    if (outcome?.state === 'failed') showProblem(output, outcome.error, root);
    // It was still running: it tells by itself, later.
    if (outcome === undefined && !signal.aborted)
      void build.types.then((late) => this.#reportLate(late)).catch(() => {});
  }

  /** Shows what lints find that the save before did not show. */
  async #lint(project: Project): Promise<void> {
    const { output, root, signal } = this.#options;
    try {
      const report = await this.#lints.check(project);
      if (report === undefined || signal.aborted) return;
      output.event({ type: 'lints', findings: report.findings });
      if (report.findings.length === 0) return;
      await printLints(report, { root, output, mostShown: mostLints });
      output.line(output.colors.yellow(countFindings(report.findings)));
    } catch (error) {
      if (!signal.aborted) showProblem(output, error, root);
    }
  }

  #reportLate(outcome: TypeOutcome): void {
    const { output, root, signal } = this.#options;
    if (signal.aborted || outcome.state === 'superseded') return;
    if (outcome.state === 'failed') showProblem(output, outcome.error, root);
    else output.line('types ok');
  }
}

function describeTypes(outcome: TypeOutcome | undefined): string | undefined {
  if (outcome === undefined || outcome.state === 'superseded') return undefined;
  return outcome.state === 'ok' ? 'types ok' : outcome.error.message;
}

function formatMs(ms: number): string {
  return ms < 100 ? `${Math.round(ms)}ms` : formatDuration(ms);
}
