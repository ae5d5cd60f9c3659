import { TenonError } from '@tenon/runtime/errors';
import type { BackfillRange, Run, SyncManifest } from '@tenon/runtime/contract';
import type { Engine } from '../engine.ts';
import { connectionMissing } from './call-action.ts';
import type { ForwardedEvent } from '../../database/tables/run-tables.ts';
import { functionMissing } from './function-missing.ts';
import type { Manifests } from './manifests.ts';
import { insertLaneRun } from './queries/insert-lane-run.ts';
import type { RunContext } from './run-context.ts';
import { runPriority } from './run-priority.ts';
import { toRun, type RunRow } from './run-row.ts';
import type { TriggeredSync } from './trigger-sync.ts';

export interface LaneRequest {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly sync: string;
  readonly trigger: Run['trigger'];
  readonly lane: 'webhook' | 'backfill' | 'replay';
  readonly event?: ForwardedEvent | undefined;
  readonly range?: BackfillRange | undefined;
  /** The run that it repeats. */
  readonly parentRunId?: string | undefined;
}

/** How often two of the same event may be queued at once before the second one sees the first. */
const maxTries = 3;

/**
 * Queues a run of a sync in a lane beside the live one.
 * @param check refuses syncs that cannot take it
 * @throws TenonError `not_found`
 */
export async function queueLaneRun(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  request: LaneRequest,
  check: (definition: SyncManifest) => void = () => undefined,
): Promise<TriggeredSync> {
  for (let tries = 0; tries < maxTries; tries++) {
    const { run, created } = await insert(context, request, check);
    if (!run) continue;
    if (created) await context.engine.enqueue({ runId: run.id, priority: runPriority(run.trigger) });
    return { run: toRun(run), created };
  }
  throw new TenonError('unavailable', `A run of ${request.sync} could not be queued.`, { hint: 'Try again.' });
}

function insert(
  { run: runs, manifests }: { run: RunContext; manifests: Manifests },
  request: LaneRequest,
  check: (definition: SyncManifest) => void,
): Promise<{ run: RunRow | null; created: boolean }> {
  const { environmentId, integration, connection, sync } = request;
  return manifests.useActive(environmentId, async (manifest, { fresh }) => {
    const definition = manifest.findFunction('sync', integration, sync);
    const missing = () => functionMissing(manifest, { kind: 'sync', integration, name: sync });
    if (definition?.kind !== 'sync') {
      if (!fresh) return undefined;
      throw missing();
    }
    const place = { environmentId, integration, connection, sync };
    const { trigger, lane, event, range, parentRunId } = request;
    const values = { ...place, trigger, lane, event, range, parentRunId };
    if (fresh) check(definition);
    else if (!passes(check, definition)) return undefined;
    const { version } = manifest;
    const found = await insertLaneRun(runs.database, {
      ...values,
      version,
      runId: runs.newRunId(),
      now: new Date(runs.now()),
    });
    if (found?.active_version !== version) return undefined;
    if (found.connection_id === null) throw connectionMissing(integration, connection);
    if (found.sync_id === null) throw missing();
    return { run: found.run, created: found.created };
  });
}

/** What the remembered version refuses, the active one may take. */
function passes(check: (definition: SyncManifest) => void, definition: SyncManifest): boolean {
  try {
    check(definition);
    return true;
  } catch {
    return false;
  }
}
