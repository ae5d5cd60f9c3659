import type { Connection } from '@tenon/runtime/contract';
import { listEverything } from '../../api-client/list-everything.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { describeExpiry, describeOwner, describeProblem } from './describe-connection.ts';

export interface ConnectionsListFlags extends TargetFlags {
  readonly integration?: string;
  /** Only those that something is wrong with. */
  readonly problems?: boolean;
}

/** Lists every connection of the environment. */
export async function runConnectionsList(context: CommandContext, flags: ConnectionsListFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const connections = await listEverything((page) => server.listConnections(page), signal);
    const shown = connections.filter(
      ({ integration, problem, state }) =>
        (flags.integration ?? integration) === integration &&
        (flags.problems !== true || problem !== null || state !== 'active'),
    );
    const nowMs = Date.now();
    if (shown.length > 0) {
      output.table(shown, [
        { title: 'CONNECTION', value: ({ integration, id }) => `${integration}/${id}` },
        { title: 'AUTH', value: ({ authMode }) => authMode },
        { title: 'STATE', value: ({ state }) => (state === 'active' ? state : output.colors.red(state)) },
        { title: 'PROBLEM', value: (connection) => describeProblem(connection) },
        { title: 'EXPIRY', value: (connection) => describeExpiry(connection, nowMs) },
        { title: 'OWNER', value: (connection) => describeOwner(connection) },
        { title: 'CONNECTED', value: ({ createdAt }) => formatTime(createdAt) },
      ]);
    } else output.line(describeNothing(connections, flags));
    output.result({ items: shown });
  });
}

function describeNothing(all: readonly Connection[], flags: ConnectionsListFlags): string {
  if (all.length > 0 && flags.problems === true) return 'Nothing is wrong with any connection.';
  return 'No connections. Run `tenon connect <integration> --connection <id>`.';
}
