import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { readSyncRef, type SyncFlags } from './sync-flags.ts';

/** Pauses or resumes the schedule of a sync of a connection. */
export async function runSchedulesPause(
  context: CommandContext,
  name: string,
  flags: SyncFlags & { paused: boolean },
): Promise<void> {
  const { output, signal } = context;
  const ref = readSyncRef(name, flags);
  await withServer(context, flags, async (server) => {
    if (flags.paused) await server.pauseSync(ref, { signal });
    else await server.resumeSync(ref, { signal });
    output.line(`${name} of ${ref.connection} is ${flags.paused ? 'paused' : 'run by its schedule again'}.`);
    output.result({ ...ref, paused: flags.paused });
  });
}
