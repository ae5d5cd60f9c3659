import { nameSchema, type ProjectConfig } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Environment } from '../environment.ts';
import { readLocalApiKey, readLocalServer } from './local-server.ts';

/** What the user says about the server, on the command line. */
export interface TargetFlags {
  readonly url?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Name of an environment in tenon.config.ts. */
  readonly env?: string | undefined;
  /** A preview of the environment that the key belongs to. */
  readonly preview?: string | undefined;
}

export interface TargetRequest {
  readonly flags: TargetFlags;
  readonly env: Pick<Environment, 'url' | 'apiKey' | 'variables'>;
  /** Undefined outside a project. */
  readonly projectRoot: string | undefined;
  /** Called only for `--env`. */
  readonly loadConfig: () => Promise<Pick<ProjectConfig, 'environments'>>;
}

/** A server, and the key to it, each with where it came from in words. */
export interface Target {
  readonly url: string;
  readonly urlFrom: string;
  readonly apiKey: string;
  readonly apiKeyFrom: string;
  /** The preview to act in; undefined: the environment that the key belongs to. */
  readonly preview?: string;
}

interface Found {
  readonly value: string;
  readonly from: string;
}

interface FoundAddress extends Found {
  /** The key that belongs to this address, where it has one of its own. */
  readonly findKey: () => Promise<Found | undefined>;
  readonly keyHint: string;
}

/**
 * Finds out which server a command talks to. What is said for this one call comes before the environment, and that
 * before the project's own server; the key comes from the same place as the address, if there is one there.
 * @throws TenonError `not_logged_in`, `usage_invalid` or `server_unreachable` (the project's server does not run)
 */
export async function resolveTarget(request: TargetRequest): Promise<Target> {
  const { flags, env } = request;
  const address =
    findFlag(flags) ?? (await findEnvironment(request)) ?? findVariable(env) ?? (await findLocal(request));
  const key: Found | undefined =
    flags.apiKey === undefined
      ? ((await address.findKey()) ?? named(env.apiKey, 'TENON_API_KEY'))
      : { value: flags.apiKey, from: '--api-key' };
  if (key === undefined) {
    throw new TenonError('not_logged_in', `There is no API key for ${address.value}.`, { hint: address.keyHint });
  }
  const preview = checkPreview(flags.preview);
  return {
    url: checkUrl(address),
    urlFrom: address.from,
    apiKey: key.value,
    apiKeyFrom: key.from,
    ...(preview !== undefined && { preview }),
  };
}

function named(value: string | undefined, from: string): Found | undefined {
  return value === undefined ? undefined : { value, from };
}

const keyHint = 'Set TENON_API_KEY, or pass --api-key.';

function findFlag(flags: TargetFlags): FoundAddress | undefined {
  if (flags.url === undefined) return undefined;
  return { value: flags.url, from: '--url', findKey: async () => undefined, keyHint };
}

function findVariable(env: TargetRequest['env']): FoundAddress | undefined {
  if (env.url === undefined) return undefined;
  return { value: env.url, from: 'TENON_URL', findKey: async () => undefined, keyHint };
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
    keyHint: `Set ${variable}, which environments.${name} in tenon.config.ts names, or pass --api-key.`,
  };
}

async function findLocal(request: TargetRequest): Promise<FoundAddress> {
  const root = request.projectRoot;
  const server = root === undefined ? undefined : await readLocalServer(root);
  if (root === undefined || server === undefined) {
    throw new TenonError('not_logged_in', 'No Tenon server is known here.', {
      hint:
        root === undefined
          ? 'Change into a project, or set TENON_URL and TENON_API_KEY.'
          : 'Start one with `tenon dev`, or name one with --env, --url or TENON_URL.',
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
