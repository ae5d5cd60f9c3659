import type { Connection } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

export interface ConnectionsListFlags extends TargetFlags {
  readonly integration?: string;
}

/** Lists every connection of the environment. */
export async function runConnectionsList(context: CommandContext, flags: ConnectionsListFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const connections: Connection[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.listConnections({ cursor, limit: 1_000, signal });
      connections.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const shown = connections.filter(({ integration }) => (flags.integration ?? integration) === integration);
    if (shown.length === 0) output.line('No connections. Run `tenon connect <integration> --connection <id>`.');
    else {
      output.table(shown, [
        { title: 'CONNECTION', value: ({ integration, id }) => `${integration}/${id}` },
        { title: 'AUTH', value: ({ authMode }) => authMode },
        { title: 'STATE', value: ({ state }) => (state === 'active' ? state : output.colors.red(state)) },
        { title: 'CONNECTED', value: ({ createdAt }) => formatTime(createdAt) },
      ]);
    }
    output.result({ items: shown });
  });
}
