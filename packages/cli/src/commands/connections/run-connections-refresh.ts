import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { parsePair } from '../parse-pair.ts';

/** Obtains a new token now, whatever the old one's age. */
export async function runConnectionsRefresh(context: CommandContext, name: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  await withServer(context, flags, async (server) => {
    const progress = output.progress('Asking the provider');
    try {
      const refreshed = await server.refreshConnection({ integration, connection }, { signal });
      progress.stop();
      const { tokenExpiresAt } = refreshed;
      const until = tokenExpiresAt === null ? '' : `; its token is good until ${formatTime(tokenExpiresAt)}`;
      output.line(`${output.colors.green('✓')} ${name} is refreshed${until}.`);
      output.result({ connection: refreshed });
    } finally {
      progress.stop();
    }
  });
}
