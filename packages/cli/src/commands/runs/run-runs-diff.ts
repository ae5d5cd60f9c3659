import type { RecordDifference } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

export interface RunsDiffFlags extends TargetFlags {
  readonly limit: number;
}

const pageSize = 1_000;

/** Shows what a run changed, or how the records differ between the ends of two runs of a sync. */
export async function runRunsDiff(
  context: CommandContext,
  { id, other }: { id: string; other: string | undefined },
  flags: RunsDiffFlags,
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    let cursor: string | undefined;
    let count = 0;
    while (count < flags.limit) {
      const page = { cursor, limit: Math.min(flags.limit - count, pageSize), signal };
      const { items, nextCursor } =
        other === undefined
          ? await server.listRunChanges(id, page)
          : await server.listRunDifferences({ id, other }, page);
      count += items.length;
      for (const item of items) {
        output.line(formatDifference(item, context));
        output.event(item);
      }
      if (nextCursor === null) break;
      cursor = nextCursor;
      if (count >= flags.limit) output.note('There are more: pass --limit.');
    }
    if (count === 0) output.line('No difference.');
  });
}

function formatDifference(item: RecordDifference, { output }: CommandContext): string {
  const { colors } = output;
  const sign = { added: colors.green('+'), updated: colors.yellow('~'), deleted: colors.red('-') };
  const name = `${sign[item.change]} ${item.model} ${item.id}`;
  if (item.changedPaths === null) return `${name} ${colors.dim('(the earlier version is not kept any more)')}`;
  return item.change === 'updated' ? `${name} ${colors.dim(item.changedPaths.join(', '))}` : name;
}
