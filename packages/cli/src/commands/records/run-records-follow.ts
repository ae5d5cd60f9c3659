import type { Change } from '@tenon/runtime/contract';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { followThroughOutages } from '../../follow/follow-through-outages.ts';
import { wait } from '../../follow/wait.ts';
import { parsePair } from '../parse-pair.ts';
import type { RecordsListFlags } from './run-records-list.ts';

const pollMs = 1_000;

/**
 * Prints changes as they come, until it is interrupted, also when the server goes away and comes back; the cursor to go
 * on from is said at the end.
 */
export async function runRecordsFollow(context: CommandContext, name: string, flags: RecordsListFlags): Promise<void> {
  const { output, signal } = context;
  const [integration, model] = parsePair(name, '<integration>/<model>');
  await withServer(context, flags, async (server) => {
    const ref = { integration, model, connection: flags.connection };
    let cursor = flags.cursor;
    try {
      await followThroughOutages(context, async (onLive) => {
        while (!signal.aborted) {
          const page = await server.listChanges(ref, { cursor, limit: 1_000, paths: flags.paths, signal });
          onLive();
          for (const [index, change] of page.items.entries()) {
            output.line(formatChange(change, context));
            // Who stops within a page and goes on from the cursor of its last line reads some again, but misses none.
            output.event({ ...change, cursor: index === page.items.length - 1 ? page.nextCursor : (cursor ?? null) });
          }
          cursor = page.nextCursor;
          if (!page.hasMore) await wait(pollMs, signal);
        }
      });
    } finally {
      if (cursor !== undefined) output.note(`Go on with --cursor ${cursor}`);
    }
  });
}

function formatChange(change: Change, { output }: CommandContext): string {
  const { colors } = output;
  const sign = { added: colors.green('+'), updated: colors.yellow('~'), deleted: colors.red('-') };
  const data = change.change === 'deleted' ? '' : JSON.stringify(change.data);
  const paths = change.change === 'updated' && change.changedPaths ? `${change.changedPaths.join(', ')} ` : '';
  return `${sign[change.change]} ${change.id} ${paths}${colors.dim(data)}`;
}
