import { TenonError } from '@tenon/runtime/errors';
import type { FunctionManifest } from '@tenon/runtime/contract';
import type { PartitionState } from '@tenon/runtime/execute';
import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { hasHook, type DeployedProvider } from '../../deployments/deployed-provider.ts';
import { answerAsk, type AskHandlers } from '../asks/ask-handlers.ts';
import type { ForwardedEvent } from '../../database/tables/run-tables.ts';
import type { Manifests } from './manifests.ts';
import type { PageCommitter } from './page-committer.ts';
import type { ClaimedRun } from './queries/claim-run.ts';
import { runCaptureLimits } from '../../captures/capture-limits.ts';
import { readBundle } from './queries/read-bundle.ts';
import type { RunLog } from './run-logs.ts';
import type { RunRequest } from '../../workers/run-request.ts';
import type { RunPorts } from './run-ports.ts';
import { actionPriority, runPriority } from './run-priority.ts';

/** The code that a run executes: of the version that it was started with, whatever was deployed since. */
export interface RunCode {
  readonly definition: FunctionManifest;
  readonly provider: DeployedProvider;
}

/** @throws TenonError `not_found` when the version doesn't hold the function */
export async function findRunCode(manifests: Manifests, run: ClaimedRun): Promise<RunCode> {
  const manifest = await manifests.load(run.environment_id, run.version);
  const definition = manifest.findFunction(run.kind, run.integration, run.function);
  const provider = manifest.findProvider(run.integration);
  if (definition && provider) return { definition, provider };
  throw new TenonError('not_found', `Version ${run.version} has no ${run.kind} ${run.integration}/${run.function}.`, {
    hint: 'Deploy it, and start the run again.',
  });
}

/** What the pool is given to execute a run. Asks for the credential, and fails when there is none. */
export async function buildRequest(
  context: { database: Kysely<Schema>; ports: RunPorts },
  run: ClaimedRun,
  options: {
    code: RunCode;
    input: unknown;
    state: PartitionState;
    pages: Pick<PageCommitter, 'commit' | 'datasets'> | undefined;
    asks: AskHandlers;
    log: RunLog;
    depth: number;
    signal: AbortSignal;
    /** As `signal`, and when the script has ended. */
    asksSignal: AbortSignal;
  },
): Promise<RunRequest> {
  const { definition, provider: deployed } = options.code;
  const { hooks, ...provider } = deployed;
  const { signal, pages, depth } = options;
  const { getActiveCredential, getRequestValues } = context.ports;
  const connectionId = Number(run.connection_id);
  let given = await getActiveCredential(connectionId, { signal });
  return {
    environmentId: run.environment_id,
    bundleHash: definition.bundle,
    ...(hooks && hasHook(deployed, 'beforeRequest') && { hooks: { hash: hooks.bundle, source: hooks.source } }),
    loadBundle: (hash) => readBundle(context.database, hash),
    priority: run.kind === 'action' ? actionPriority : runPriority(run.trigger),
    isNested: depth > 0,
    start: {
      runId: run.id,
      function: { kind: run.kind, integration: run.integration, name: run.function, source: definition.source },
      connection: { id: run.connection, config: run.config, metadata: run.metadata },
      provider,
      credential: given,
      integration: await getRequestValues({
        environmentId: run.environment_id,
        integration: run.integration,
        provider: deployed,
      }),
      timeoutMs: definition.timeoutMs,
      ...(run.blocks_writes && { blocksWrites: true }),
      ...(context.ports.captures.isOn && { capture: runCaptureLimits }),
      ...(definition.kind === 'action'
        ? { action: { input: options.input } }
        : {
            sync: {
              settings: run.settings,
              mode: modeOf(run),
              state: startOf(run, options.state),
              cursorOptions: definition.cursor,
              ...(run.range?.until !== undefined && { until: run.range.until }),
              ...(run.event && { event: withoutKey(run.event) }),
            },
          }),
    },
    onPage: (page) =>
      pages ? pages.commit(page) : Promise.reject(new TenonError('model_unknown', 'An action saves no records.')),
    onAsk: (ask) =>
      answerAsk(options.asks, ask, {
        run,
        signal: options.asksSignal,
        depth,
        datasets: () => pages?.datasets() ?? Promise.resolve(new Map()),
      }),
    onLog: (entry) => options.log.write(entry),
    renewCredential: async () => {
      given = await getActiveCredential(connectionId, { renew: true, refused: given, signal });
      return given;
    },
    signal,
  };
}

function modeOf({ lane }: ClaimedRun): 'run' | 'webhook' | 'replay' {
  return lane === 'webhook' || lane === 'replay' ? lane : 'run';
}

/** A backfill that has not committed a cursor yet begins where its range does. */
function startOf({ range }: ClaimedRun, state: PartitionState): PartitionState {
  return range && state.cursor === undefined ? { ...state, cursor: range.from } : state;
}

function withoutKey({ headers, body, receivedAt }: ForwardedEvent): Omit<ForwardedEvent, 'key'> {
  return { headers, body, receivedAt };
}
