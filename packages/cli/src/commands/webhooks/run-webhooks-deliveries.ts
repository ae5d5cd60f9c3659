import type { WebhookDelivery } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

export interface WebhookDeliveriesFlags extends TargetFlags {
  readonly endpoint?: number;
  readonly status?: WebhookDelivery['status'];
  readonly limit: number;
}

/** Lists deliveries, the newest first. */
export async function runWebhooksDeliveries(context: CommandContext, flags: WebhookDeliveriesFlags): Promise<void> {
  const { output, signal } = context;
  const { endpoint: endpointId, status, limit } = flags;
  await withServer(context, flags, async (server) => {
    const { items, nextCursor } = await server.listWebhookDeliveries({
      endpointId,
      status,
      limit: Math.min(limit, 1_000),
      signal,
    });
    if (items.length === 0) output.line('No deliveries.');
    else {
      output.table(items, [
        { title: 'ID', value: ({ id }) => String(id) },
        { title: 'EVENT', value: ({ type }) => type },
        { title: 'TO', value: (delivery) => String(delivery.endpointId) },
        { title: 'STATUS', value: (delivery) => colored(delivery, output.colors) },
        { title: 'ATTEMPTS', align: 'right', value: ({ attempts }) => String(attempts) },
        { title: 'CREATED', value: ({ createdAt }) => formatTime(createdAt) },
        { title: 'NEXT', value: ({ nextAttemptAt }) => (nextAttemptAt === null ? '' : formatTime(nextAttemptAt)) },
        { title: 'LAST ERROR', value: ({ lastError }) => lastError ?? '' },
      ]);
      if (nextCursor !== null) output.note('There are more: pass --limit.');
    }
    output.result({ items, nextCursor });
  });
}

function colored({ status }: WebhookDelivery, colors: CommandContext['output']['colors']): string {
  if (status === 'delivered') return status;
  return status === 'failed' ? colors.red(status) : colors.yellow(status);
}
