import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { TenonError } from '@tenon/runtime/errors';
import {
  type dryRunRequestSchema,
  type DryRunResult,
  type FunctionManifest,
  type RunError,
  type SyncManifest,
} from '@tenon/runtime/contract';
import type { PartitionState } from '@tenon/runtime/execute';
import type { AskHandlers } from '../asks/ask-handlers.ts';
import { selectStoredAfter } from '../asks/queries/select-stored-after.ts';
import { selectStoredById } from '../asks/queries/select-stored-by-id.ts';
import { dryCaptureLimits } from '../../captures/capture-limits.ts';
import { readCapture } from '../../captures/read-capture.ts';
import { buildRequest, type RunCode } from '../runs/build-request.ts';
import { connectionMissing } from '../runs/call-action.ts';
import { functionMissing } from '../runs/function-missing.ts';
import { judgeSuccess } from '../runs/judge-success.ts';
import type { Manifests } from '../runs/manifests.ts';
import type { ClaimedRun } from '../runs/queries/claim-run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { errorOfRun } from '../runs/run-error.ts';
import type { RunPorts } from '../runs/run-ports.ts';
import { noCounts } from '../runs/run-row.ts';
import { stateOwnerOf } from '../runs/state-owner-of.ts';
import { readSyncState } from '../states/queries/read-sync-state.ts';
import { createDryAsks } from './dry-asks.ts';
import { createDryRecords, type DryRecords } from './dry-records.ts';
import { findDryRunPlace, type DryRunPlace } from './queries/find-dry-run-place.ts';
import { selectDatasets } from './queries/select-datasets.ts';

export interface DryRun extends z.output<typeof dryRunRequestSchema> {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  /** Cancels it. */
  readonly signal: AbortSignal;
  /** How many scripts up the first one is. */
  readonly depth?: number;
}

export interface DryRunContext {
  readonly run: RunContext;
  readonly ports: RunPorts;
  readonly manifests: Manifests;
  asks(): AskHandlers;
}

/** As for real runs. */
const maxDepth = 5;
const maxLogs = 2_000;

/**
 * Executes a function with a connection's credentials, in a worker and within the budgets as any run, but keeps what it
 * would have written: there is no row of a run, no record, no state, no lock, no metadata, no feed and no webhook of it.
 * Its requests to the provider are real.
 * @throws TenonError `not_found`, `bundle_hash_mismatch`, `request_invalid`, `dry_run_too_large`,
 *   `provider_unauthorized` when the connection has no good credential. What the script itself fails with is in the result.
 */
export async function executeDryRun(context: DryRunContext, dry: DryRun): Promise<DryRunResult> {
  const { run: runs, ports } = context;
  const { version, code } = await findCode(context, dry);
  const { definition } = code;
  const { environmentId, integration, connection } = dry;
  const names = { environmentId, integration, connection, name: dry.function };
  const place = await findDryRunPlace(runs.database, names);
  if (!place) throw connectionMissing(integration, connection);
  const claimed = toClaimedRun(context, { dry, place, version, definition });
  const records = definition.kind === 'sync' ? openRecords(context, { place, definition }) : undefined;
  const answers = createDryAsks({
    real: context.asks(),
    metadata: place.metadata,
    records,
    partitions: dry.start && (dry.start.partitions ?? {}),
    callAction: (call) => callDry(context, { dry, call }),
  });
  const logs: DryRunResult['logs'] = [];
  const over = new AbortController();
  let captured: Uint8Array | undefined;
  const startedMs = runs.now();
  try {
    const request = await buildRequest({ database: runs.database, ports }, claimed, {
      code,
      input: dry.input,
      state: await startState(context, claimed, dry),
      pages: records && {
        commit: (page) => records.commit(page),
        datasets: () => Promise.resolve(new Map()),
      },
      asks: answers.handlers,
      log: {
        write({ at, kind, level, message, data }) {
          if (logs.length < maxLogs) {
            logs.push({ at: new Date(at).toISOString(), kind, level, message, data: data ?? null });
          }
        },
      },
      depth: dry.depth ?? 0,
      signal: dry.signal,
      asksSignal: AbortSignal.any([dry.signal, over.signal]),
    });
    const { loadBundle } = request;
    const outcome = await ports.workers.execute({
      ...request,
      loadBundle: (hash) =>
        dry.code && hash === definition.bundle ? Promise.resolve(dry.code.bundle) : loadBundle(hash),
      onCapture: (capture) => (captured = capture),
      start: {
        ...request.start,
        timeoutMs: Math.min(definition.timeoutMs, dry.timeoutMs),
        capture: dryCaptureLimits,
        ...(dry.limitPages !== undefined && { limitPages: dry.limitPages }),
        ...(request.start.sync && dry.until !== undefined && { sync: { ...request.start.sync, until: dry.until } }),
      },
    });
    dry.signal.throwIfAborted();
    const failure = records?.failure();
    if (failure instanceof TenonError && failure.code === 'dry_run_too_large') throw failure;
    const counts = records?.counts() ?? noCounts;
    const ended =
      outcome.status === 'succeeded' && records ? judgeSuccess(outcome, { committed: counts.read }) : outcome;
    const metadata = answers.metadata();
    return {
      version: dry.code ? null : version,
      status: ended.status,
      durationMs: runs.now() - startedMs,
      counts,
      outcome: {
        ...(records?.outcome() ?? { records: {}, deleted: {}, quarantined: [], partitions: {} }),
        failedPartitions: failedPartitionsOf(ended),
        ...(metadata && { metadata }),
        triggered: [...answers.triggered],
        ...('output' in ended && { output: ended.output }),
        ...('error' in ended && { error: ended.error }),
      },
      logs,
      capture: captured ? await readCapture(captured) : null,
    };
  } finally {
    over.abort(new DOMException('The run has ended.', 'AbortError'));
  }
}

async function findCode({ manifests }: DryRunContext, dry: DryRun): Promise<{ version: number; code: RunCode }> {
  const names = { kind: dry.kind, integration: dry.integration, name: dry.function };
  return manifests.useActive(dry.environmentId, async (manifest, { fresh }) => {
    // Nothing is written whose version another statement could check, so it is looked up anew.
    if (!fresh) return undefined;
    const provider = manifest.findProvider(dry.integration);
    const definition = dry.code ? checkCode(dry) : manifest.findFunction(dry.kind, dry.integration, dry.function);
    if (!definition || !provider) throw functionMissing(manifest, names);
    return { version: manifest.version, code: { definition, provider } };
  });
}

/** @throws TenonError `request_invalid`, `bundle_hash_mismatch` */
function checkCode({ code, kind, integration, function: name }: DryRun): FunctionManifest | undefined {
  if (!code) return undefined;
  const { function: definition, bundle } = code;
  if (definition.kind !== kind || definition.integration !== integration || definition.name !== name) {
    throw new TenonError(
      'request_invalid',
      `The code is of ${definition.kind} ${definition.integration}/${definition.name}, not of ${kind} ${integration}/${name}.`,
    );
  }
  const actual = createHash('sha256').update(bundle, 'utf8').digest('hex');
  if (actual === definition.bundle) return definition;
  throw new TenonError('bundle_hash_mismatch', `The bundle's SHA-256 is ${actual}, not ${definition.bundle}.`, {
    hint: 'Send the bytes unchanged, as UTF-8, and name their hash as `function.bundle`.',
  });
}

function openRecords(
  { run: { database } }: DryRunContext,
  { place, definition }: { place: DryRunPlace; definition: SyncManifest },
): DryRecords {
  const models = definition.models.map(({ name }) => name);
  let found: Promise<Map<string, number>> | undefined;
  const idOf = async (model: string): Promise<number | undefined> => {
    found ??= selectDatasets(database, { connectionId: Number(place.connection_id), models });
    return (await found).get(model);
  };
  return createDryRecords(definition, {
    async byId(model, ids) {
      const datasetId = await idOf(model);
      return datasetId === undefined ? [] : selectStoredById(database, { datasetId, ids });
    },
    async after(model, options) {
      const datasetId = await idOf(model);
      return datasetId === undefined ? [] : selectStoredAfter(database, { datasetId, ...options });
    },
  });
}

async function startState({ run }: DryRunContext, claimed: ClaimedRun, dry: DryRun): Promise<PartitionState> {
  if (dry.event || claimed.kind === 'action') return {};
  if (dry.start) {
    const { partitions: _, ...own } = dry.start;
    return own;
  }
  if (claimed.sync_id === null) return {};
  const { progress: _, ...state } = await readSyncState(run.database, stateOwnerOf(claimed), '');
  return state;
}

/** The row that the run would have. */
function toClaimedRun(
  { run: runs }: DryRunContext,
  {
    dry,
    place,
    version,
    definition,
  }: { dry: DryRun; place: DryRunPlace; version: number; definition: FunctionManifest },
): ClaimedRun {
  const now = new Date(runs.now());
  return {
    id: runs.newRunId(),
    environment_id: dry.environmentId,
    connection_id: place.connection_id,
    sync_id: definition.kind === 'sync' ? place.sync_id : null,
    kind: definition.kind,
    integration: dry.integration,
    function: dry.function,
    version,
    trigger: 'api',
    status: 'running',
    lane: dry.event ? 'webhook' : 'live',
    attempt: 1,
    losses: 0,
    waits_for: null,
    not_before: null,
    due_at: now,
    counts: noCounts,
    error: null,
    created_at: now,
    started_at: now,
    finished_at: null,
    connection: dry.connection,
    config: place.config,
    metadata: place.metadata,
    settings: dry.settings ?? place.settings,
    generation: 1,
    cursor_epoch: place.cursor_epoch ?? 0,
    retries: 0,
    event: dry.event ? { ...dry.event, receivedAt: dry.event.receivedAt ?? now.toISOString() } : null,
    range: null,
    blocks_writes: place.blocks_writes,
    budget_environment_id: place.budget_environment_id,
    budget_connection_id: place.budget_connection_id,
  };
}

/** An action that a dry run calls runs dry as well: of the deployed version, with a process of its own. */
async function callDry(
  context: DryRunContext,
  { dry, call }: { dry: DryRun; call: { name: string; input: unknown; depth: number; signal: AbortSignal } },
): Promise<unknown> {
  if (call.depth >= maxDepth) {
    throw new TenonError('conflict', `The action ${call.name} would be the ${call.depth + 1}th that calls another.`, {
      hint: `Actions may call each other ${maxDepth} times; look for one that calls itself.`,
    });
  }
  const { environmentId, integration, connection, timeoutMs } = dry;
  const result = await executeDryRun(context, {
    environmentId,
    integration,
    connection,
    kind: 'action',
    function: call.name,
    input: call.input,
    timeoutMs,
    depth: call.depth + 1,
    signal: call.signal,
  });
  const { error, output } = result.outcome;
  if (error) throw errorOfRun(result.capture?.runId ?? '', error);
  return output ?? null;
}

function failedPartitionsOf(ended: object): Record<string, RunError> {
  if (!('sync' in ended)) return {};
  const { partitions } = ended.sync as { partitions: { failed: Array<{ key: string; error: RunError }> } };
  return Object.fromEntries(partitions.failed.map(({ key, error }) => [key, error]));
}
