import type { Hold } from '@tenon/runtime/contract';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

export interface RecordsHoldsFlags extends TargetFlags {
  readonly integration?: string;
  readonly connection?: string;
  readonly status?: Hold['status'];
  readonly limit: number;
}

/** Lists held deletions, or shows the records of one. */
export async function runRecordsHolds(
  context: CommandContext,
  id: number | undefined,
  flags: RecordsHoldsFlags,
): Promise<void> {
  await withServer(context, flags, (server) =>
    id === undefined ? listHolds(context, server, flags) : showHold(context, { server, id }, flags),
  );
}

async function listHolds(
  { output, signal }: CommandContext,
  server: ApiClient,
  { integration, connection, status, limit }: RecordsHoldsFlags,
): Promise<void> {
  const query = { integration, connection, status, limit: Math.min(limit, 1_000), signal };
  const { items, nextCursor } = await server.listHolds(query);
  if (items.length === 0) output.line('No deletions are held.');
  else {
    output.table(items, [
      { title: 'ID', align: 'right', value: (hold) => String(hold.id) },
      { title: 'SYNC', value: (hold) => `${hold.integration}/${hold.sync}` },
      { title: 'CONNECTION', value: (hold) => hold.connection },
      { title: 'MODEL', value: (hold) => hold.model },
      { title: 'WOULD DELETE', value: (hold) => `${hold.records} of ${hold.liveRecords}` },
      { title: 'STATUS', value: (hold) => hold.status },
      { title: 'SINCE', value: (hold) => formatTime(hold.createdAt) },
    ]);
    if (nextCursor !== null) output.note('There are more: pass --limit.');
  }
  output.result({ items, nextCursor });
}

async function showHold(
  { output, signal }: CommandContext,
  { server, id }: { server: ApiClient; id: number },
  { limit }: RecordsHoldsFlags,
): Promise<void> {
  const details = await server.getHold(id, { limit: Math.min(limit, 1_000), signal });
  const { hold, ids } = details;
  output.line(`${hold.records} of ${hold.liveRecords} ${hold.model} of ${hold.integration}/${hold.connection}`);
  output.line(output.colors.dim(`${hold.status}, run ${hold.runId}, ${formatTime(hold.createdAt)}`));
  for (const one of ids) output.line(`- ${one}`);
  if (details.nextCursor !== null) output.note('There are more: pass --limit.');
  output.result(details);
}
