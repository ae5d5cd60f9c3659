import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import type { ProfileStore } from '../../profiles/profile-store.ts';
import { findProjectRoot } from '../../project/find-project-root.ts';
import { loadConfig } from '../../project/load-config.ts';

/**
 * Which server to log in to: the argument, the environment, the profile that there is, TENON_URL, or what the user says.
 * @throws TenonError `usage_invalid`, `input_needed`
 */
export async function findLoginUrl(
  context: CommandContext,
  {
    flags,
    profiles,
  }: {
    flags: { url?: string | undefined; env?: string | undefined; profile?: string | undefined };
    profiles: Pick<ProfileStore, 'find'>;
  },
): Promise<string> {
  if (flags.url !== undefined && flags.env !== undefined) {
    throw new TenonError('usage_invalid', 'An address and --env each name a server.', { hint: 'Pass one of them.' });
  }
  const found =
    flags.url ??
    (flags.env === undefined ? undefined : await readEnvironmentUrl(context, flags.env)) ??
    (flags.profile === undefined ? undefined : (await profiles.find(flags.profile))?.url) ??
    context.env.url ??
    (await askForUrl(context));
  const url = URL.canParse(found) ? new URL(found) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '')
    return url.origin + url.pathname.replace(/\/+$/, '');
  throw new TenonError('usage_invalid', `"${found}" is not the address of a server.`, {
    hint: 'Write one such as https://tenon.example.com.',
  });
}

async function readEnvironmentUrl({ cwd }: CommandContext, name: string): Promise<string> {
  const { environments } = await loadConfig(findProjectRoot(cwd));
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (environment) return environment.url;
  const known = Object.keys(environments).join(', ');
  throw new TenonError('usage_invalid', `tenon.config.ts has no environment "${name}".`, {
    hint: known === '' ? "Add one: environments: { prod: { url: 'https://...' } }." : `It has ${known}.`,
  });
}

async function askForUrl({ isInteractive, signal }: CommandContext): Promise<string> {
  if (!isInteractive) {
    throw new TenonError('input_needed', 'Which server to log in to?', { hint: 'Run `tenon login <url>`.' });
  }
  const { input } = await import('@inquirer/prompts');
  return (await input({ message: 'Address of the server' }, { signal })).trim();
}
