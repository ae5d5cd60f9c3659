import { TenonError } from '@tenon/runtime/errors';
import type { ActionResult, Run } from '@tenon/runtime/contract';
import { functionMissing } from './function-missing.ts';
import type { Manifests } from './manifests.ts';
import type { ClaimedRun } from './queries/claim-run.ts';
import { startActionRun } from './queries/start-action-run.ts';
import type { RunContext } from './run-context.ts';
import { errorOfRun } from './run-error.ts';
import type { RunExecutor } from './run-executor.ts';

export interface ActionCall {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly action: string;
  readonly input: unknown;
  /** Default `api`. */
  readonly trigger?: Run['trigger'];
  /** The run whose script calls it, and how many scripts up the first one is. */
  readonly caller?: { readonly runId: string; readonly depth: number };
  /** Cancels the run when the caller goes away. */
  readonly signal: AbortSignal;
}

/**
 * Executes an action here and now, before whatever waits in the queue, with two statements: one that inserts the run
 * and finds what it needs, and one that ends it.
 * @throws TenonError `not_found`; or the error that the run ended with, its id under `details.runId`
 */
export async function callAction(
  context: { run: RunContext; manifests: Manifests; executor: RunExecutor },
  call: ActionCall,
): Promise<ActionResult> {
  const claimed = await context.manifests.useActive(call.environmentId, async (manifest, { fresh }) => {
    if (!manifest.findFunction('action', call.integration, call.action)) {
      if (!fresh) return undefined;
      throw functionMissing(manifest, { kind: 'action', integration: call.integration, name: call.action });
    }
    return await start(context.run, call, manifest.version);
  });
  const { outcome } = await context.executor.executeClaimed(claimed, {
    input: call.input,
    depth: call.caller ? call.caller.depth + 1 : 0,
    signal: call.signal,
  });
  if (outcome.status === 'succeeded') return { runId: claimed.id, output: outcome.output };
  throw errorOfRun(claimed.id, outcome.error);
}

/** @returns undefined when another version is active by now */
async function start(runs: RunContext, call: ActionCall, version: number): Promise<ClaimedRun | undefined> {
  const started = await startActionRun(runs.database, {
    environmentId: call.environmentId,
    integration: call.integration,
    connection: call.connection,
    action: call.action,
    version,
    runId: runs.newRunId(),
    trigger: call.trigger ?? 'api',
    parentRunId: call.caller?.runId,
    owner: runs.owner,
    now: new Date(runs.now()),
  });
  if (started?.active_version !== version) return undefined;
  if (started.connection_id === null) throw connectionMissing(call.integration, call.connection);
  return started.run ?? undefined;
}

export function connectionMissing(integration: string, connection: string): TenonError {
  return new TenonError('not_found', `There is no connection ${connection} of ${integration}.`, {
    hint: `Create it with \`tenon connect ${integration} --connection ${connection}\` (POST /v1/connections).`,
  });
}
