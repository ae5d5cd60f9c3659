import { TenonError } from '@tenon/runtime/errors';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { readSyncRef, type SyncFlags } from './sync-flags.ts';

/**
 * Gives a sync of a connection a schedule of its own; with `--reset`, the code's again.
 * @throws TenonError `usage_invalid` for both, or neither
 */
export async function runSchedulesSet(
  context: CommandContext,
  { name, words }: { name: string; words: readonly string[] },
  flags: SyncFlags & { reset?: boolean },
): Promise<void> {
  const { output, signal } = context;
  if ((words.length === 0) === (flags.reset !== true)) {
    throw new TenonError('usage_invalid', 'Either a schedule or --reset is expected.', {
      hint: 'Such as: tenon schedules set github/issues every 1h --connection user1',
    });
  }
  const schedule = flags.reset ? null : words.join(' ');
  await withServer(context, flags, async (server) => {
    const sync = await server.setSchedule(readSyncRef(name, flags), schedule, { signal });
    const next = sync.nextRunAt === null ? '' : ` It runs next at ${formatTime(sync.nextRunAt)}.`;
    output.line(`${name} of ${sync.connection}: ${sync.schedule ?? 'when triggered'}.${next}`);
    output.result({ sync });
  });
}
