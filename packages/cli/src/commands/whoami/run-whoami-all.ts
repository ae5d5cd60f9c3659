import type { CommandContext } from '../../command-context.ts';
import { readKeyExpiry } from '../../profiles/key-expiry.ts';
import { openProfileStore } from '../../profiles/profile-store.ts';

/** Lists the servers that somebody logged in to here. The keys are not shown. */
export async function runWhoamiAll(context: CommandContext, now: () => number = Date.now): Promise<void> {
  const { output, env } = context;
  const profiles = openProfileStore(env.variables);
  const current = await profiles.findCurrent();
  const items = (await profiles.list()).map((profile) => ({
    ...profile,
    isCurrent: profile.name === current?.name,
    state: readKeyExpiry(profile.expiresAt, now()).state,
  }));
  if (items.length === 0) output.line('Nobody is logged in: `tenon login <url>`.');
  else {
    output.table(items, [
      { title: 'PROFILE', value: ({ name, isCurrent }) => (isCurrent ? `${name} *` : name) },
      { title: 'SERVER', value: ({ url }) => url },
      { title: 'ENVIRONMENT', value: ({ environment }) => environment },
      { title: 'KEY', value: ({ keyPrefix }) => `${keyPrefix}...` },
      {
        title: 'EXPIRES',
        value: ({ expiresAt, state }) =>
          expiresAt === null ? 'never' : `${expiresAt.slice(0, 10)}${state === 'good' ? '' : ` (${state})`}`,
      },
      { title: 'KEPT IN', value: ({ keptIn }) => (keptIn === 'keyring' ? 'keyring' : 'credentials.json') },
    ]);
  }
  output.result({ items });
}
