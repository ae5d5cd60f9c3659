import type { ApiKey } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

/** Lists the environment's API keys, without those that are over unless they are asked for. */
export async function runKeysList(
  context: CommandContext,
  flags: TargetFlags & { readonly all?: boolean },
  now: () => number = Date.now,
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const keys: ApiKey[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.listKeys({ cursor, limit: 1_000, signal });
      keys.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const shown = keys.filter((key) => flags.all === true || stateOf(key, now()) === 'active');
    output.table(shown, [
      { title: 'ID', value: ({ id }) => String(id) },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'KEY', value: ({ prefix }) => `${prefix}...` },
      { title: 'STATE', value: (key) => stateOf(key, now()) },
      { title: 'LAST USED', value: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : formatTime(lastUsedAt)) },
      { title: 'EXPIRES', value: ({ expiresAt }) => (expiresAt === null ? 'never' : formatTime(expiresAt)) },
      { title: 'SCOPES', value: ({ scopes }) => scopes.join(',') },
    ]);
    output.result({ items: shown });
  });
}

function stateOf({ revokedAt, expiresAt }: ApiKey, nowMs: number): 'active' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? 'expired' : 'active';
}
