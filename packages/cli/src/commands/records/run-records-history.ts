import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { parsePair } from '../parse-pair.ts';

export interface RecordsHistoryFlags extends TargetFlags {
  readonly connection: string;
  readonly limit: number;
}

/** Shows the versions of a record, newest first. */
export async function runRecordsHistory(
  context: CommandContext,
  record: { name: string; id: string },
  flags: RecordsHistoryFlags,
): Promise<void> {
  const { output, signal } = context;
  const [integration, model] = parsePair(record.name, '<integration>/<model>');
  await withServer(context, flags, async (server) => {
    const ref = { integration, model, id: record.id, connection: flags.connection };
    const limit = Math.min(flags.limit, 1_000);
    const { items, nextCursor } = await server.getRecordHistory(ref, { limit, signal });
    if (items.length === 0) output.line('No versions.');
    else {
      output.table(items, [
        { title: 'AT', value: ({ at }) => formatTime(at) },
        { title: 'CHANGE', value: ({ change }) => change },
        { title: 'FIELDS', value: ({ changedPaths }) => changedPaths?.join(', ') ?? '(not known any more)' },
        { title: 'RUN', value: ({ runId }) => runId ?? '' },
      ]);
      if (nextCursor !== null) output.note('There are more: pass --limit.');
    }
    output.result({ items, nextCursor });
  });
}
