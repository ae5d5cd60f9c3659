import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { parsePair } from '../parse-pair.ts';
import { describeExpiry, describeOwner } from './describe-connection.ts';

/** Shows one connection, never its credentials. */
export async function runConnectionsShow(context: CommandContext, name: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  await withServer(context, flags, async (server) => {
    const found = await server.getConnection({ integration, connection }, { signal });
    const { problem, tokenExpiresAt, refreshedAt } = found;
    const lines: ReadonlyArray<readonly [string, string | undefined]> = [
      ['connection', `${found.integration}/${found.id}`],
      ['state', found.state === 'active' ? found.state : output.colors.red(found.state)],
      ['problem', problem ? `${problem.class}: ${problem.message}` : undefined],
      ['', problem?.hint ?? undefined],
      ['', problem?.retryAt ? `tried again at ${formatTime(problem.retryAt)}` : undefined],
      ['auth', found.authMode],
      ['scopes', found.scopes?.join(' ')],
      ['owner', describeOwner(found)],
      ['token', tokenExpiresAt && found.state === 'active' ? `good until ${formatTime(tokenExpiresAt)}` : undefined],
      ['refreshed', refreshedAt ? formatTime(refreshedAt) : undefined],
      ['expiry', describeExpiry(found, Date.now())],
      ['config', JSON.stringify(found.config)],
      ['settings', JSON.stringify(found.settings)],
      ['metadata', JSON.stringify(found.metadata)],
      ['connected', formatTime(found.createdAt)],
    ];
    for (const [title, text] of lines) if (text !== undefined) output.line(`${title.padEnd(12)}${text}`);
    output.result({ connection: found });
  });
}
