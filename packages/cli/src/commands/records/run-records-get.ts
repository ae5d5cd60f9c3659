import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';

export interface RecordsGetFlags extends TargetFlags {
  readonly connection: string;
}

/** Shows one record. */
export async function runRecordsGet(
  context: CommandContext,
  record: { name: string; id: string },
  flags: RecordsGetFlags,
): Promise<void> {
  const { output, signal } = context;
  const [integration, model] = parsePair(record.name, '<integration>/<model>');
  await withServer(context, flags, async (server) => {
    const ref = { integration, model, id: record.id, connection: flags.connection };
    const stored = await server.getRecord(ref, { signal });
    output.line(JSON.stringify(stored.data, null, 2));
    output.line(
      output.colors.dim(`updated ${stored.updatedAt}${stored.deletedAt ? `, deleted ${stored.deletedAt}` : ''}`),
    );
    output.result(stored);
  });
}
