import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

export interface RecordsQuarantineFlags extends TargetFlags {
  readonly integration?: string;
  readonly connection?: string;
  readonly model?: string;
  readonly limit: number;
  readonly drop?: number;
}

/** Lists quarantined records with the reasons, or drops one. */
export async function runRecordsQuarantine(context: CommandContext, flags: RecordsQuarantineFlags): Promise<void> {
  const { output, signal } = context;
  const { integration, connection, model, limit, drop } = flags;
  await withServer(context, flags, async (server) => {
    if (drop !== undefined) {
      await server.deleteQuarantined(drop, { signal });
      output.line(`${output.colors.green('✓')} The quarantined record ${drop} is removed.`);
      output.result({ dropped: drop });
      return;
    }
    const query = { integration, connection, model, limit: Math.min(limit, 1_000), signal };
    const { items, nextCursor } = await server.listQuarantine(query);
    for (const item of items) {
      const place = `${item.integration}/${item.sync} ${item.connection} ${item.model}`;
      output.line(
        `${item.id}  ${place} ${item.recordId ?? '(no id)'}  ${output.colors.dim(formatTime(item.createdAt))}`,
      );
      for (const { path, message } of item.problems) output.line(`    ${path || '(the record)'}: ${message}`);
    }
    if (items.length === 0) output.line('No records are quarantined.');
    else output.note('After a fix, try them again with `tenon records replay <integration>/<sync> -c <connection>`.');
    if (nextCursor !== null) output.note('There are more: pass --limit.');
    output.result({ items, nextCursor });
  });
}
