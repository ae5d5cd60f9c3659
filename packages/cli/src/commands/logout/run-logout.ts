import { TenonError } from '@tenon/runtime/errors';
import { createApiClient } from '../../api-client/create-api-client.ts';
import type { CommandContext } from '../../command-context.ts';
import type { NamedProfile } from '../../profiles/profile.ts';
import { openProfileStore, type ProfileStore } from '../../profiles/profile-store.ts';
import { findLoginUrl } from '../login/find-login-url.ts';

export interface LogoutFlags {
  readonly profile?: string | undefined;
  readonly env?: string | undefined;
  readonly all?: boolean | undefined;
  readonly revoke?: boolean | undefined;
}

const patienceMs = 10_000;

/** Revokes the keys of profiles at their servers where that is possible, and forgets them in any case. */
export async function runLogout(
  context: CommandContext,
  flags: LogoutFlags,
  profiles: ProfileStore = openProfileStore(context.env.variables),
): Promise<void> {
  const { output, signal } = context;
  const ended = [];
  for (const profile of await findProfiles(context, { flags, profiles })) {
    const outcome = await revoke(profile, { profiles, isForced: flags.revoke === true, signal });
    await profiles.remove(profile, { signal });
    output.line(`${output.colors.green('✓')} Logged out of ${profile.name} (${profile.url}).`);
    if (outcome.isRevoked) output.line(output.colors.dim('  its key is revoked'));
    else output.note(`  The key ${profile.keyPrefix}... was not revoked: ${outcome.reason}`);
    ended.push({ profile: profile.name, url: profile.url, revoked: outcome.isRevoked });
  }
  output.result({ loggedOut: ended });
}

async function findProfiles(
  context: CommandContext,
  { flags, profiles }: { flags: LogoutFlags; profiles: ProfileStore },
): Promise<NamedProfile[]> {
  if (flags.all === true) return profiles.list();
  const name = flags.profile ?? (flags.env === undefined ? context.env.variables['TENON_PROFILE'] : undefined);
  if (name) {
    const profile = await profiles.find(name);
    if (profile) return [profile];
    const known = (await profiles.list()).map((one) => one.name).join(', ');
    throw new TenonError('profile_not_found', `There is no profile "${name}".`, {
      hint: known === '' ? 'There is none at all.' : `There are ${known}.`,
    });
  }
  const found =
    flags.env === undefined
      ? await profiles.findCurrent()
      : await profiles.findByUrl(await findLoginUrl(context, { flags: { env: flags.env }, profiles }));
  if (found) return [found];
  throw new TenonError('not_logged_in', 'Nobody is logged in.', { hint: '`tenon whoami --all` lists the profiles.' });
}

async function revoke(
  profile: NamedProfile,
  options: { profiles: ProfileStore; isForced: boolean; signal: AbortSignal },
): Promise<{ isRevoked: true } | { isRevoked: false; reason: string }> {
  if (profile.origin === 'token' && !options.isForced) {
    return { isRevoked: false, reason: 'it was handed over by --token and may be used elsewhere; see --revoke.' };
  }
  const key = await options.profiles.readKey(profile);
  if (key === undefined) return { isRevoked: false, reason: 'it is not on this machine any more; see `tenon keys`.' };
  const server = createApiClient({ url: profile.url, apiKey: key });
  try {
    await server.revokeOwnKey({ signal: options.signal, timeoutMs: patienceMs });
    return { isRevoked: true };
  } catch (error) {
    if (!(error instanceof TenonError) || options.signal.aborted) throw error;
    // It is refused already: that is what was wanted.
    if (error.code === 'unauthorized') return { isRevoked: true };
    return { isRevoked: false, reason: error.message };
  } finally {
    server.close();
  }
}
