import { nameSchema, type ProjectConfig } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Environment } from '../environment.ts';
import type { NamedProfile } from '../profiles/profile.ts';
import { loginCommand, readKeyExpiry } from '../profiles/key-expiry.ts';
import type { ProfileStore } from '../profiles/profile-store.ts';
import { readLocalApiKey, readLocalServer } from './local-server.ts';

type ProfileReader = Pick<ProfileStore, 'list' | 'find' | 'findByUrl' | 'findCurrent' | 'readKey'>;

/** What the user says about the server, on the command line. */
export interface TargetFlags {
  readonly url?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Name of an environment in tenon.config.ts. */
  readonly env?: string | undefined;
  /** A preview of the environment that the key belongs to. */
  readonly preview?: string | undefined;
  /** Name of a profile of `tenon login`. */
  readonly profile?: string | undefined;
}

export interface TargetRequest {
  readonly flags: TargetFlags;
  readonly env: Pick<Environment, 'url' | 'apiKey' | 'variables'>;
  /** Undefined outside a project. */
  readonly projectRoot: string | undefined;
  /** Called only for `--env`. */
  readonly loadConfig: () => Promise<Pick<ProjectConfig, 'environments'>>;
  /** What `tenon login` left on this machine. */
  readonly profiles?: ProfileReader | undefined;
}

/** A server, and the key to it, each with where it came from in words. */
export interface Target {
  readonly url: string;
  readonly urlFrom: string;
  readonly apiKey: string;
  readonly apiKeyFrom: string;
  /** The preview to act in; undefined: the environment that the key belongs to. */
  readonly preview?: string;
  /** That the key is of. */
  readonly profile?: string;
}

interface Found {
  readonly value: string;
  readonly from: string;
  readonly profile?: string;
}

interface FoundAddress extends Found {
  /** The key that belongs to this address, where it has one of its own. */
  readonly findKey: () => Promise<Found | undefined>;
  readonly keyHint: string;
  /** Whether no key of another place may be sent there. */
  readonly isAlone?: boolean;
}

/**
 * Finds out which server a command talks to. What is said for this one call comes before the environment, that before
 * the project's own server, and that before the profile that was logged in to last. The key comes from the same place
 * as the address, if there is one there; then from the profile of that address; then from TENON_API_KEY. Only
 * TENON_URL goes with TENON_API_KEY first, since they are set together.
 * @throws TenonError `not_logged_in`, `usage_invalid` or `server_unreachable` (the project's server does not run)
 */
export async function resolveTarget(request: TargetRequest): Promise<Target> {
  const { flags, env } = request;
  const address =
    findFlag(flags) ??
    (await findProfile(request)) ??
    (await findEnvironment(request)) ??
    (await findProfileOfVariable(request)) ??
    findVariable(env) ??
    (await findLocal(request));
  const key = await findKey(request, address);
  if (key === undefined) {
    throw new TenonError('not_logged_in', `There is no API key for ${address.value}.`, { hint: address.keyHint });
  }
  const { value: apiKey, from: apiKeyFrom, profile } = key;
  const preview = checkPreview(flags.preview);
  return {
    url: checkUrl(address),
    urlFrom: address.from,
    apiKey,
    apiKeyFrom,
    ...(profile !== undefined && { profile }),
    ...(preview !== undefined && { preview }),
  };
}

async function findKey({ flags, env, profiles }: TargetRequest, address: FoundAddress): Promise<Found | undefined> {
  if (flags.apiKey !== undefined) return { value: flags.apiKey, from: '--api-key' };
  const own = await address.findKey();
  if (own !== undefined || address.isAlone) return own;
  const profile = await profiles?.findByUrl(address.value);
  if (profiles && profile) return findProfileKey(profiles, profile);
  return named(env.apiKey, 'TENON_API_KEY');
}

function named(value: string | undefined, from: string): Found | undefined {
  return value === undefined ? undefined : { value, from };
}

const keyHint = 'Run `tenon login` with this address, set TENON_API_KEY, or pass --api-key.';

function findFlag(flags: TargetFlags): FoundAddress | undefined {
  if (flags.url === undefined) return undefined;
  return { value: flags.url, from: '--url', findKey: async () => undefined, keyHint };
}

function findVariable(env: TargetRequest['env']): FoundAddress | undefined {
  if (env.url === undefined) return undefined;
  return { value: env.url, from: 'TENON_URL', findKey: async () => named(env.apiKey, 'TENON_API_KEY'), keyHint };
}

async function findProfile({ flags, profiles }: TargetRequest): Promise<FoundAddress | undefined> {
  if (flags.profile === undefined) return undefined;
  if (flags.env !== undefined) {
    throw new TenonError('usage_invalid', '--profile and --env each name a server.', { hint: 'Pass one of them.' });
  }
  return findNamedProfile(profiles, { name: flags.profile, from: '--profile' });
}

async function findProfileOfVariable({ env, profiles }: TargetRequest): Promise<FoundAddress | undefined> {
  const name = env.variables['TENON_PROFILE']?.trim();
  return name ? findNamedProfile(profiles, { name, from: 'TENON_PROFILE' }) : undefined;
}

async function findNamedProfile(
  profiles: ProfileReader | undefined,
  { name, from }: { name: string; from: string },
): Promise<FoundAddress> {
  const profile = await profiles?.find(name);
  if (profiles && profile) return addressOfProfile(profiles, { profile, from: `profile ${name}, by ${from}` });
  const known = (await profiles?.list())?.map((one) => one.name) ?? [];
  throw new TenonError('profile_not_found', `There is no profile "${name}", which ${from} names.`, {
    hint: `${known.length > 0 ? `There are ${known.join(', ')}. ` : ''}Make it with \`tenon login <url> --profile ${name}\`.`,
  });
}

function addressOfProfile(
  profiles: ProfileReader,
  { profile, from }: { profile: NamedProfile; from: string },
): FoundAddress {
  return {
    value: profile.url,
    from,
    isAlone: true,
    findKey: () => findProfileKey(profiles, profile),
    keyHint: `Run \`${loginCommand(profile)}\`.`,
  };
}

/** @throws TenonError `not_logged_in` for a key that has expired or is gone: no other one is taken instead */
async function findProfileKey(profiles: ProfileReader, profile: NamedProfile): Promise<Found> {
  const hint = `Run \`${loginCommand(profile)}\`.`;
  if (readKeyExpiry(profile.expiresAt, Date.now()).state === 'expired') {
    const when = profile.expiresAt?.slice(0, 10) ?? '';
    throw new TenonError('not_logged_in', `The key of the profile ${profile.name} expired on ${when}.`, { hint });
  }
  const key = await profiles.readKey(profile);
  if (key !== undefined) return { value: key, from: `profile ${profile.name}`, profile: profile.name };
  const place = profile.keptIn === 'keyring' ? 'the keyring of this machine' : 'credentials.json';
  throw new TenonError('not_logged_in', `The key of the profile ${profile.name} is not in ${place} any more.`, {
    hint,
  });
}

async function findEnvironment(request: TargetRequest): Promise<FoundAddress | undefined> {
  const name = request.flags.env;
  if (name === undefined) return undefined;
  const { environments } = await request.loadConfig();
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (environment === undefined) {
    const known = Object.keys(environments);
    throw new TenonError('usage_invalid', `tenon.config.ts has no environment "${name}".`, {
      hint:
        known.length > 0 ? `It has ${known.join(', ')}.` : "Add one: environments: { prod: { url: 'https://...' } }.",
    });
  }
  const variable = environment.apiKeyVariable;
  return {
    value: environment.url,
    from: `environments.${name} in tenon.config.ts`,
    findKey: async () => named(request.env.variables[variable]?.trim() || undefined, variable),
    keyHint: `Set ${variable}, which environments.${name} in tenon.config.ts names, or run \`tenon login --env ${name}\`.`,
  };
}

async function findLocal(request: TargetRequest): Promise<FoundAddress> {
  const root = request.projectRoot;
  const server = root === undefined ? undefined : await readLocalServer(root);
  if (root === undefined || server === undefined) {
    const { profiles } = request;
    const current = await profiles?.findCurrent();
    if (profiles && current) {
      return addressOfProfile(profiles, { profile: current, from: `profile ${current.name}, logged in to last` });
    }
    throw new TenonError('not_logged_in', 'No Tenon server is known here.', {
      hint:
        root === undefined
          ? 'Change into a project, run `tenon login <url>`, or set TENON_URL and TENON_API_KEY.'
          : 'Start one with `tenon dev`, log in to one with `tenon login <url>`, or name one with --env, --url or TENON_URL.',
    });
  }
  if (!server.isAlive) {
    throw new TenonError('server_unreachable', "The project's server does not run any more.", {
      hint: 'Start it with `tenon dev`, or name another server with --env, --url or TENON_URL.',
    });
  }
  return {
    value: server.url,
    from: '.tenon/server.json',
    findKey: async () => named(await readLocalApiKey(root), '.tenon/api-key'),
    keyHint: 'The server writes .tenon/api-key when it starts; restart it with `tenon dev`.',
  };
}

function checkPreview(name: string | undefined): string | undefined {
  if (name === undefined || nameSchema.safeParse(name).success) return name;
  throw new TenonError('usage_invalid', `"${name}" is not a name of a preview.`, {
    hint: 'Names have lower-case letters, digits and dashes and begin with a letter, such as pr-123.',
  });
}

function checkUrl(address: Found): string {
  const url = URL.canParse(address.value) ? new URL(address.value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return address.value.replace(/\/+$/, '');
  throw new TenonError('usage_invalid', `${address.from} says "${address.value}", which is not an address.`, {
    hint: 'Write one such as http://localhost:7400.',
  });
}
