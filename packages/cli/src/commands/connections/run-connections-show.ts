import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { parsePair } from '../parse-pair.ts';

/** Shows one connection, never its credentials. */
export async function runConnectionsShow(context: CommandContext, name: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  await withServer(context, flags, async (server) => {
    const found = await server.getConnection({ integration, connection }, { signal });
    output.line(`connection  ${found.integration}/${found.id}`);
    output.line(`state       ${found.state === 'active' ? found.state : output.colors.red(found.state)}`);
    output.line(`auth        ${found.authMode}`);
    output.line(`config      ${JSON.stringify(found.config)}`);
    output.line(`settings    ${JSON.stringify(found.settings)}`);
    output.line(`metadata    ${JSON.stringify(found.metadata)}`);
    output.line(`connected   ${formatTime(found.createdAt)}`);
    output.result({ connection: found });
  });
}
