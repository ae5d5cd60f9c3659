import { TenonError } from '@tenon/runtime/errors';
import type { Run } from '@tenon/runtime/contract';
import type { Engine } from '../engine.ts';
import { connectionMissing } from './call-action.ts';
import { functionMissing } from './function-missing.ts';
import type { Manifests } from './manifests.ts';
import { findUnfinishedRun } from './queries/find-unfinished-run.ts';
import { insertTriggeredRun } from './queries/insert-triggered-run.ts';
import type { RunContext } from './run-context.ts';
import { runPriority } from './run-priority.ts';
import { toRun, type RunRow } from './run-row.ts';

export interface SyncTrigger {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly sync: string;
  readonly trigger: Run['trigger'];
  /** What to do when a run of the sync is queued or running. Default `return`: that run is the answer. */
  readonly ifUnfinished?: 'return' | 'refuse';
}

export interface TriggeredSync {
  readonly run: Run;
  /** false: the run was queued or running before. */
  readonly created: boolean;
}

/** How often a run may end between being in the way and being looked at. */
const maxTries = 5;

/**
 * Queues a run of a sync; a paused sync is run too.
 * @throws TenonError `not_found`; `provider_unauthorized` when the customer has to connect again; `conflict` when a run is unfinished and `ifUnfinished` is `refuse`
 */
export async function triggerSync(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  trigger: SyncTrigger,
): Promise<TriggeredSync> {
  for (let tries = 0; tries < maxTries; tries++) {
    const { run, syncId } = await insert(context, trigger);
    if (run) {
      await context.engine.enqueue({ runId: run.id, priority: runPriority(run.trigger) });
      return { run: toRun(run), created: true };
    }
    const unfinished = await findUnfinishedRun(context.run.database, syncId);
    if (unfinished && trigger.ifUnfinished === 'refuse') throw alreadyThere(trigger, unfinished);
    if (unfinished) return { run: toRun(unfinished), created: false };
  }
  throw new TenonError('unavailable', `Runs of ${trigger.sync} end as fast as this one was to begin.`);
}

function insert(
  context: { run: RunContext; manifests: Manifests },
  { environmentId, integration, connection, sync, trigger }: SyncTrigger,
): Promise<{ run: RunRow | null; syncId: number | string }> {
  const runs = context.run;
  return context.manifests.useActive(environmentId, async (manifest, { fresh }) => {
    if (!manifest.findFunction('sync', integration, sync)) {
      if (!fresh) return undefined;
      throw functionMissing(manifest, { kind: 'sync', integration, name: sync });
    }
    const found = await insertTriggeredRun(runs.database, {
      environmentId,
      integration,
      connection,
      sync,
      trigger,
      version: manifest.version,
      runId: runs.newRunId(),
      now: new Date(runs.now()),
    });
    if (found?.active_version !== manifest.version) return undefined;
    if (found.connection_id === null) throw connectionMissing(integration, connection);
    if (found.sync_id === null) throw functionMissing(manifest, { kind: 'sync', integration, name: sync });
    if (found.auth_failed) throw reconnectNeeded({ integration, connection, problem: found.auth_failed });
    return { run: found.run, syncId: found.sync_id };
  });
}

function reconnectNeeded(options: {
  integration: string;
  connection: string;
  problem: { message?: string | undefined };
}): TenonError {
  const { integration, connection, problem } = options;
  const why = problem.message === undefined ? '' : ` ${problem.message}`;
  return new TenonError(
    'provider_unauthorized',
    `The connection ${connection} of ${integration} lost its authorisation.${why}`,
    {
      hint: 'Let the customer connect again; its syncs are then due at once.',
    },
  );
}

function alreadyThere(trigger: SyncTrigger, run: RunRow): TenonError {
  return new TenonError('conflict', `A run of ${trigger.integration}/${trigger.sync} is ${run.status} already.`, {
    hint: 'Wait for it, or cancel it first.',
    details: { runId: run.id },
  });
}
