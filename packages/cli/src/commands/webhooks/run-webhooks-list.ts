import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

/** Lists the receivers of events; an environment has a few. */
export async function runWebhooksList(context: CommandContext, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const { items } = await server.listWebhookEndpoints({ limit: 1_000, signal });
    if (items.length === 0) output.line('No webhooks. `tenon webhooks add <url>` registers an address.');
    else {
      output.table(items, [
        { title: 'ID', value: ({ id }) => String(id) },
        { title: 'URL', value: ({ url }) => url },
        { title: 'STATE', value: ({ disabled }) => (disabled ? output.colors.yellow('disabled') : 'active') },
        { title: 'EVENTS', value: ({ events }) => (events.length === 0 ? 'all' : events.join(', ')) },
        { title: 'DESCRIPTION', value: ({ description }) => description ?? '' },
      ]);
    }
    output.result({ items });
  });
}
