import type { ActionDefinition } from '../../define/define-action.ts';
import type { ProviderHooksDefinition } from '../../define/define-provider-hooks.ts';
import type { SyncDefinition } from '../../define/define-sync.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { canonicalJson } from '../../execute/canonical-json.ts';
import { hashRecord } from '../../execute/hash-record.ts';
import { runActionScript } from '../../execute/run-action-script.ts';
import { runSyncScript } from '../../execute/run-sync-script.ts';
import { toRunError } from '../../execute/to-run-error.ts';
import type { SyncResult } from '../../execute/worker-protocol.ts';
import type { Provider } from '../../provider/provider-schema.ts';
import type { RecordedOutcome, Recording } from '../../recording/recording-schema.ts';
import type { RequestLogEntry } from '../../request/perform-call.ts';
import type { ProviderClient } from '../../request/provider-client.ts';
import { createInMemoryRun, type InMemoryLogEntry } from '../in-memory-run.ts';
import type { MemoryServer } from '../memory-server.ts';
import { createReplay } from '../replay.ts';
import { limitPages } from '../../request/limit-pages.ts';
import { answerCalls } from './answer-calls.ts';
import { collectOutcome } from './collect-outcome.ts';
import { noteFailures } from './note-failures.ts';
import { createReplayTime } from './replay-time.ts';
import { runInReplayWorld } from './replay-world.ts';

/** A sync or an action, as a script exports it. */
export type ReplayedDefinition = { readonly kind: 'sync' | 'action'; readonly options: object };

export interface ReplayRunOptions {
  readonly provider: Provider;
  readonly hooks?: ProviderHooksDefinition | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether requests may differ from the recorded ones in times and random ids, which are then taken over. */
  readonly isAdopting?: boolean | undefined;
  /** Ends the run after so many pages were committed, as though its process had died. */
  readonly crashAfterPage?: number | undefined;
  /** Of a run that crashed: goes on where it was. */
  readonly resume?: ReplayedRun | undefined;
}

/** What a replay left behind. */
export interface ReplayedRun {
  readonly outcome: RecordedOutcome;
  readonly log: readonly InMemoryLogEntry[];
  readonly requests: readonly RequestLogEntry[];
  /** As recorded, or as taken over. */
  readonly exchanges: Recording['exchanges'];
  /** Pages that were committed. */
  readonly pages: number;
  readonly server: MemoryServer;
  /** Ids that were saved so far, by model. */
  readonly seen: Map<string, Set<string>>;
}

/** The reason of a run that was ended on purpose. */
class Crash extends Error {}

/**
 * Repeats a recorded run offline: its answers, its clock, its random numbers.
 * @throws TenonError `replay_unmatched`, `replay_unused`, `replay_network`; `script_incompatible` when the definition is
 *   of another kind. What the script itself fails with is part of the outcome.
 */
export async function replayRun(
  definition: ReplayedDefinition,
  recording: Recording,
  options: ReplayRunOptions,
): Promise<ReplayedRun> {
  requireKind(definition, recording);
  const { connection, start, clock } = recording;
  const abort = new AbortController();
  const signal = options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]);
  let inFlight = 0;
  let strictError: TenonError | undefined;
  const time = createReplayTime({ startMs: Date.parse(clock), isBusy: () => inFlight > 0 });
  const replay = createReplay(recording.exchanges, {
    isLenient: options.resume !== undefined || options.crashAfterPage !== undefined,
    isAdopting: options.isAdopting === true,
    onFlight: (change) => {
      inFlight += change;
    },
  });
  const run = createInMemoryRun(
    {
      provider: options.provider,
      ...(options.hooks && { hooks: options.hooks }),
      integration: recording.function.integration,
      connectionId: connection.id,
      config: connection.config,
      metadata: { ...connection.metadata },
      variables: recording.variables,
      actions: answerCalls(recording.calls ?? []),
      signal,
    },
    {
      clock: time,
      random: time.random,
      replay,
      partitions: start.partitions ?? {},
      stored: Object.fromEntries(
        Object.entries(start.records ?? {}).map(([model, records]) => [model, records.map(toStored)]),
      ),
      ...(options.resume && { server: options.resume.server }),
    },
  );
  const requests = noteFailures(run.environment.requests as ProviderClient, (error) => (strictError ??= error));
  const environment = {
    ...run.environment,
    requests: recording.limitPages === undefined ? requests : limitPages(requests, recording.limitPages),
  };
  const seen = options.resume?.seen ?? new Map<string, Set<string>>();
  let pages = 0;
  let output: unknown;
  let result: SyncResult | undefined;
  let failure: unknown;

  async function execute(): Promise<void> {
    if (recording.kind === 'action') {
      const { output: made } = await runActionScript(definition as unknown as ActionDefinition, {
        ...environment,
        input: recording.input,
      });
      output = made;
      return;
    }
    const own = run.server.states.get('') ?? {};
    result = await runSyncScript(definition as unknown as SyncDefinition, {
      ...environment,
      settings: connection.settings,
      mode: recording.kind === 'webhook' ? 'webhook' : 'run',
      event: recording.event,
      until: recording.until,
      state: {
        cursor: own.cursor ?? start.cursor,
        checkpoint: own.checkpoint ?? start.checkpoint,
        progress: options.resume ? own.progress : start.progress,
      },
      async commitPage(page) {
        abort.signal.throwIfAborted();
        const committed = await run.server.commitPage(page);
        for (const { id } of page.records) getSeen(seen, page.model).add(id);
        pages += 1;
        if (pages === options.crashAfterPage) abort.abort(new Crash('The replay ends its run here.'));
        return committed;
      },
    });
  }

  await runInReplayWorld(
    {
      time,
      onNetwork: (error) => {
        strictError ??= error;
      },
    },
    async () => {
      try {
        await execute();
      } catch (error) {
        failure = error;
      }
    },
  );
  options.signal?.throwIfAborted();
  const crashed = abort.signal.aborted;
  if (strictError !== undefined) throw strictError;
  if (!crashed) run.finish();
  const outcome = collectOutcome({
    recording,
    definition,
    server: run.server,
    seen,
    result,
    output,
    error: crashed || failure === undefined ? undefined : toRunError(failure),
  });
  return {
    outcome,
    log: run.log,
    requests: run.requests,
    exchanges: replay.exchanges(),
    pages,
    server: run.server,
    seen,
  };
}

function getSeen(seen: Map<string, Set<string>>, model: string): Set<string> {
  const ids = seen.get(model) ?? new Set();
  seen.set(model, ids);
  return ids;
}

function requireKind(definition: ReplayedDefinition, { kind, function: ref }: Recording): void {
  const wanted = kind === 'action' ? 'action' : 'sync';
  if (definition.kind === wanted) return;
  throw new TenonError('script_incompatible', `The recording is of the ${wanted} ${ref.integration}/${ref.name}.`, {
    hint: `Give the definition that defines it, made with ${wanted === 'sync' ? 'defineSync' : 'defineAction'}.`,
  });
}

function toStored(record: Record<string, unknown>): { id: string; json: string; hash: string } {
  const json = canonicalJson(record);
  return { id: String(record['id']), json, hash: Buffer.from(hashRecord(json)).toString('hex') };
}
