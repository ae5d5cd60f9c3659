import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { readSyncRef, type SyncFlags } from './sync-flags.ts';

/** Queues a run of a sync, and does not wait for it. */
export async function runSchedulesTrigger(context: CommandContext, name: string, flags: SyncFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const triggered = await server.triggerSync(readSyncRef(name, flags), { signal });
    const { run, alreadyRunning } = triggered;
    output.line(alreadyRunning ? `The run ${run.id} is ${run.status} already.` : `The run ${run.id} is queued.`);
    output.result(triggered);
  });
}
