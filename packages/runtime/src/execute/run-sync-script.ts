import type { SyncDefinition } from '../define/define-sync.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { createScriptContext } from './script-context.ts';
import type { SyncEnvironment } from './script-environment.ts';
import { flushSaved } from './sync/flush-saved.ts';
import { createModelReaders } from './sync/model-reader.ts';
import { openPart, type SyncPart } from './sync/open-part.ts';
import { createPageSender } from './sync/page-sender.ts';
import { createPartitions } from './sync/partitions.ts';
import { createQuarantineQuota, noQuota } from './sync/quarantine-quota.ts';
import { readCursorOptions } from './sync/read-cursor-options.ts';
import { readSettings } from './sync/read-settings.ts';
import { replayQuarantine } from './sync/replay-quarantine.ts';
import type { SyncRun } from './sync/sync-run.ts';
import { untilAborted } from './until-aborted.ts';
import type { SyncResult } from './worker-protocol.ts';

/**
 * Runs a sync once, or gives it an event, or replays its quarantine: its records go out in pages meanwhile, and all are
 * committed when this resolves.
 * @returns what it did, as counted here
 * @throws TenonError `settings_invalid`, `model_unknown`, `quarantine_exceeded`, `deletes_undeclared`,
 *   `checkpoint_invalid`; what commitPage threw; the signal's reason after an abort; whatever the script throws
 */
export async function runSyncScript(definition: SyncDefinition, environment: SyncEnvironment): Promise<SyncResult> {
  const { options } = definition;
  const { mode = 'run', signal, state = {}, now = Date.now } = environment;
  const startMs = now();
  const cursorOptions = environment.cursorOptions ?? readCursorOptions(options.cursor);
  const run: SyncRun = {
    definition,
    environment,
    mode,
    settings: mode === 'replay' ? undefined : await readSettings(definition, environment.settings),
    // Only a run enumerates, so only a run proves how far the provider was read.
    cursorOptions: mode === 'run' ? cursorOptions : null,
    readers: createModelReaders(definition, cursorOptions),
    sender: createPageSender(environment),
    quota: mode === 'run' ? createQuarantineQuota(options.quarantine?.share) : noQuota,
    startMs,
    base: createScriptContext(environment),
  };
  const part = openPart(run, { partition: '', state: mode === 'run' ? state : {} });
  return untilAborted(signal, async () => {
    try {
      const partitions = await execute(run, part);
      await part.writer.finish();
      return { read: run.sender.read(), partitions };
    } catch (error) {
      await flushSaved(part, { error, signal, sender: run.sender });
      run.sender.fail(error);
      throw error;
    }
  });
}

const noPartitions: SyncResult['partitions'] = { total: 0, failed: [] };

async function execute(run: SyncRun, part: SyncPart): Promise<SyncResult['partitions']> {
  switch (run.mode) {
    case 'run': {
      const partitions = createPartitions(run, part.gate);
      const context = Object.defineProperties(
        { partition: partitions.read },
        Object.getOwnPropertyDescriptors(part.context),
      );
      // The context is made by the definition's own options; TypeScript cannot follow their type parameters here.
      await run.definition.options.run(context as unknown as Parameters<SyncDefinition['options']['run']>[0]);
      const result = await partitions.finish();
      await part.calls.drain();
      return result;
    }
    case 'webhook':
      await callOnWebhook(run, part);
      await part.calls.drain();
      return noPartitions;
    case 'replay':
      await replayQuarantine(part.room);
      return noPartitions;
  }
}

async function callOnWebhook({ definition, environment }: SyncRun, { context }: SyncPart): Promise<void> {
  const { options } = definition;
  const { event } = environment;
  if (!options.onWebhook || !event) {
    throw new TenonError('script_incompatible', 'The sync takes no events.', {
      hint: 'Add `async onWebhook(sync, event) { ... }` to the definition, and deploy.',
    });
  }
  await options.onWebhook(context as unknown as Parameters<NonNullable<typeof options.onWebhook>>[0], event);
}
