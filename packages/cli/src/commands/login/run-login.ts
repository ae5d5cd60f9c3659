import { hostname } from 'node:os';
import { TenonError } from '@tenon/runtime/errors';
import { createApiClient } from '../../api-client/create-api-client.ts';
import type { CommandContext } from '../../command-context.ts';
import { readSecret } from '../../connect/read-secret.ts';
import { defaultProfileName } from '../../profiles/default-profile-name.ts';
import type { NamedProfile } from '../../profiles/profile.ts';
import { profileNamePattern } from '../../profiles/profile.ts';
import { openProfileStore } from '../../profiles/profile-store.ts';
import { readScopes } from '../read-scopes.ts';
import { readStdin } from '../read-stdin.ts';
import { findLoginUrl } from './find-login-url.ts';
import { obtainDeviceKey } from './obtain-device-key.ts';

export interface LoginFlags {
  readonly url?: string | undefined;
  readonly profile?: string | undefined;
  readonly env?: string | undefined;
  readonly token?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly expiresInDays?: number | undefined;
  readonly device?: boolean | undefined;
  /** False: --no-open. */
  readonly open?: boolean | undefined;
}

/**
 * Gets a key of a server and keeps it in a profile: one that somebody approves, or with --token one that there is.
 * @throws TenonError `input_needed` where nobody could see the code, `unauthorized`, `login_denied`, `login_expired`
 */
export async function runLogin(
  context: CommandContext,
  flags: LoginFlags,
  parts: { readStdin?: () => Promise<string>; profiles?: ReturnType<typeof openProfileStore> } = {},
): Promise<void> {
  const { output, signal, env } = context;
  const profiles = parts.profiles ?? openProfileStore(env.variables);
  const url = await findLoginUrl(context, { flags, profiles });
  const name = flags.profile ?? (await profiles.findByUrl(url))?.name ?? defaultProfileName(url);
  if (!profileNamePattern.test(name)) {
    throw new TenonError('usage_invalid', `"${name}" cannot be the name of a profile.`, {
      hint: 'Take letters, digits, dots and dashes, starting with a letter or a digit.',
    });
  }
  const isHanded = flags.token !== undefined;
  const key = isHanded
    ? await readHandedKey(context, { source: flags.token ?? '', readStdin: parts.readStdin ?? readStdin })
    : await obtainDeviceKey(context, {
        url,
        canOpen: flags.open !== false,
        canWait: flags.device === true,
        request: {
          hostName: shownHostName(),
          ...(flags.scopes && { scopes: readScopes(flags.scopes) }),
          ...(flags.expiresInDays !== undefined && { expiresInDays: flags.expiresInDays }),
        },
      });
  const server = createApiClient({ url, apiKey: key });
  try {
    const whoami = await server.whoami({ signal });
    const before = await profiles.find(name);
    const oldKey = before && (await profiles.readKey(before));
    const saved = await profiles.save(
      {
        name,
        url,
        environment: whoami.environment,
        keyPrefix: whoami.key.prefix,
        expiresAt: whoami.key.expiresAt ?? null,
        origin: isHanded ? 'token' : 'login',
        savedAt: new Date().toISOString(),
      },
      { key, signal },
    );
    if (before?.origin === 'login' && oldKey !== undefined && oldKey !== key) await revokeOld(before, oldKey);
    const until = saved.expiresAt === null ? 'for good' : `until ${saved.expiresAt.slice(0, 10)}`;
    const place =
      saved.keptIn === 'keyring' ? 'the keyring of this machine' : `${profiles.directory ?? ''}/credentials.json`;
    output.line(`${output.colors.green('✓')} Logged in to ${url}, environment ${saved.environment}.`);
    output.line(`  profile ${name}: key ${saved.keyPrefix}... ${until}, in ${place}`);
    output.result({ profile: saved, scopes: whoami.key.scopes });
  } finally {
    server.close();
  }
}

async function readHandedKey(
  { env, isInteractive }: CommandContext,
  { source, readStdin: read }: { source: string; readStdin: () => Promise<string> },
): Promise<string> {
  if (source !== '-' && !source.startsWith('env:')) {
    throw new TenonError('usage_invalid', '--token takes - or env:NAME, so that the key is in no history of a shell.', {
      hint: 'Pipe the key in: `tenon login <url> --token - < key.txt`.',
    });
  }
  if (source === '-' && isInteractive) {
    const { password } = await import('@inquirer/prompts');
    return (await password({ message: 'API key' })).trim();
  }
  return (await readSecret(source, { flag: '--token', variables: env.variables, readStdin: read })).trim();
}

/** The key that the profile had before would be good for months, and nobody would know of it. */
async function revokeOld(before: NamedProfile, oldKey: string): Promise<void> {
  const old = createApiClient({ url: before.url, apiKey: oldKey });
  try {
    await old.revokeOwnKey({ timeoutMs: 5_000 });
  } catch {
    // It has expired, or its server is gone: what counts is that the new one is kept.
  } finally {
    old.close();
  }
}

function shownHostName(): string {
  return hostname().replaceAll(/\p{C}/gu, '').slice(0, 80) || 'a computer';
}
