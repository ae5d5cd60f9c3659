import type { ActionDefinition } from '../define/define-action.ts';
import type { SyncDefinition } from '../define/define-sync.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { runActionScript } from '../execute/run-action-script.ts';
import { runSyncScript } from '../execute/run-sync-script.ts';
import type { ScriptEnvironment } from '../execute/script-environment.ts';
import type { StartRun, SyncResult } from '../execute/worker-protocol.ts';
import type { RunChannel } from './run-channel.ts';

export interface RunResult {
  readonly output?: unknown;
  readonly sync?: SyncResult;
}

/**
 * Finds the definition in what a bundle exports and runs it.
 * @throws TenonError `script_incompatible` when the bundle exports something else
 */
export async function executeRun(
  start: StartRun,
  exported: Record<string, unknown>,
  environment: ScriptEnvironment & { channel: RunChannel },
): Promise<RunResult> {
  const definition = readDefinition(start, exported);
  if (definition.kind === 'action') return runActionScript(definition, { ...environment, input: start.action?.input });
  const sync = await runSyncScript(definition, {
    ...environment,
    settings: start.sync?.settings,
    mode: start.sync?.mode ?? 'run',
    event: start.sync?.event,
    state: start.sync?.state ?? {},
    until: start.sync?.until,
    cursorOptions: start.sync?.cursorOptions,
    commitPage: (page) => environment.channel.commitPage(page),
  });
  return { sync };
}

function readDefinition(start: StartRun, exported: Record<string, unknown>): SyncDefinition | ActionDefinition {
  const { kind, source } = start.function;
  const definition = exported.default;
  if (isDefinition(definition) && definition.kind === kind) return definition;
  throw new TenonError('script_incompatible', `${source} does not export a ${kind} of this runtime as its default.`, {
    hint: `Write \`export default ${kind === 'sync' ? 'defineSync' : 'defineAction'}({ ... })\` and deploy again.`,
  });
}

function isDefinition(value: unknown): value is SyncDefinition | ActionDefinition {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('options' in value)) return false;
  const { options } = value;
  return typeof options === 'object' && options !== null && 'run' in options && typeof options.run === 'function';
}
