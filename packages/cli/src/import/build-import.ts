import { createConnectionSchema, type CreateConnection, type Integration } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { buildImportCredentials } from './import-credentials.ts';
import type { ImportEntry } from './parse-import-file.ts';

export interface ImportDefaults {
  /** The integrations of the server: they say what credentials a connection is created with. */
  readonly integrations: readonly Integration[];
  /** Of entries that name none. */
  readonly integration: string | undefined;
  readonly verify: boolean;
}

/** What an entry may say beside its credentials. */
const ownNames = new Set(['integration', 'id', 'connection', 'config', 'settings', 'metadata', 'endUser', 'mode']);
const groupNames = ['config', 'metadata', 'settings', 'endUser'] as const;

/**
 * Makes a connection of an entry. Entries are flat or nested: `accessToken` as well as `credentials.accessToken`, a
 * column `config.subdomain` as well as an object `config`.
 * @throws TenonError `request_invalid` naming what is wrong by its path, never a value
 */
export function buildImport({ value }: ImportEntry, defaults: ImportDefaults): CreateConnection {
  const entry = nest(value);
  const name = textOf(entry['integration']) ?? defaults.integration;
  const id = textOf(entry['connection']) ?? textOf(entry['id']);
  if (name === undefined || id === undefined) {
    throw refuse(`${name === undefined ? 'integration' : 'connection'}: expected a name, got nothing`);
  }
  const integration = defaults.integrations.find((one) => one.name === name);
  if (integration === undefined) throw refuse(`integration: ${name} is not deployed`);
  const { credentials: nested, ...rest } = entry;
  const flat = Object.fromEntries(Object.entries(rest).filter(([key]) => !ownNames.has(key)));
  const mode = textOf(entry['mode']) ?? integration.authMode;
  const given = { ...flat, ...(typeof nested === 'object' && nested !== null ? nested : {}) };
  const parsed = createConnectionSchema.safeParse({
    integration: name,
    id,
    credentials: buildImportCredentials(mode, given),
    verify: defaults.verify,
    ...Object.fromEntries(groupNames.flatMap((group) => (entry[group] === undefined ? [] : [[group, entry[group]]]))),
  });
  if (parsed.success) return parsed.data;
  // zod's messages name types and keys; the values stay out of them.
  throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** `{ 'config.subdomain': 'acme' }` -> `{ config: { subdomain: 'acme' } }`; JSON in a cell of a group is read. */
function nest(value: ImportEntry['value']): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [key, content] of Object.entries(value)) {
    const at = key.indexOf('.');
    if (at > 0) (groups[key.slice(0, at)] ??= {})[key.slice(at + 1)] = content;
    else entry[key] = typeof content === 'string' && isGroup(key) ? readCell(key, content) : content;
  }
  for (const [group, content] of Object.entries(groups)) {
    const whole = entry[group];
    entry[group] = { ...(typeof whole === 'object' && whole !== null ? whole : {}), ...content };
  }
  return entry;
}

function isGroup(key: string): boolean {
  return key === 'credentials' || groupNames.some((name) => name === key);
}

function readCell(key: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse(`${key}: expected a JSON object`);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refuse(problem: string): TenonError {
  return new TenonError('request_invalid', `${problem}.`);
}
