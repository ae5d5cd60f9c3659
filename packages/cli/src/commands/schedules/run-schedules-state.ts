import { listEverything } from '../../api-client/list-everything.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { readSyncRef, type SyncFlags } from './sync-flags.ts';

/** Shows where a sync and its partitions will read on, and which partitions failed last. */
export async function runSchedulesState(context: CommandContext, name: string, flags: SyncFlags): Promise<void> {
  const { output, signal } = context;
  const ref = readSyncRef(name, flags);
  await withServer(context, flags, async (server) => {
    const items = await listEverything((page) => server.listSyncStates(ref, page), signal);
    if (items.length === 0) output.line('It remembers nothing yet: its next run begins at the beginning.');
    else {
      output.table(items, [
        { title: 'PARTITION', value: ({ partition }) => (partition === '' ? '(the sync)' : partition) },
        { title: 'CURSOR', value: ({ cursor }) => String(cursor ?? '') },
        { title: 'CHECKPOINT', value: ({ checkpoint }) => (checkpoint === null ? '' : JSON.stringify(checkpoint)) },
        {
          title: 'FAILED',
          value: ({ failedAt }) => (failedAt === null ? '' : output.colors.red(formatTime(failedAt))),
        },
        { title: 'ERROR', value: ({ error }) => error?.message ?? '' },
      ]);
    }
    output.result({ items });
  });
}
