import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import type { CursorValue } from './parse-cursor-value.ts';
import { readSyncRef, type SyncFlags } from './sync-flags.ts';

/** Queues a run that reads a part of a sync's history again. */
export async function runSchedulesBackfill(
  context: CommandContext,
  name: string,
  flags: SyncFlags & { from: CursorValue; until?: CursorValue },
): Promise<void> {
  const { output, signal } = context;
  const { from, until } = flags;
  await withServer(context, flags, async (server) => {
    const run = await server.backfillSync(readSyncRef(name, flags), { from, until }, { signal });
    output.line(`The backfill ${run.id} is queued; \`tenon runs show ${run.id}\` tells how it goes.`);
    output.result({ run });
  });
}
