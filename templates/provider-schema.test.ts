import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly additionalProperties?: unknown;
}

// As an editor finds it in a project that has the runtime installed.
const file = createRequire(import.meta.url).resolve('@tenon/runtime/provider.schema.json');
const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
// `format` is an editor's matter; the runtime checks addresses itself.
const validate = new Ajv({ strict: true, allErrors: true, validateFormats: false }).compile(schema);

const root = new URL('./', import.meta.url);
const names = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && /^[a-z]/.test(entry.name) && entry.name !== 'node_modules')
  .map(({ name }) => name);

const read = (name: string) => parse(readFileSync(new URL(`${name}/provider.yaml`, root), 'utf8')) as object;

describe('the JSON Schema of provider.yaml', () => {
  it.each(names)('accepts the template %s', (name) => {
    validate(read(name));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['a misspelt key', { baseURL: 'https://x' }],
    ['an unknown auth mode', { auth: { mode: 'oauth3' } }],
    ['a missing field of its mode', { auth: { mode: 'oauth2', tokenUrl: 'https://x' } }],
    ['an unknown category', { categories: ['fun'] }],
  ])('refuses %s', (_, change) => {
    expect(validate({ ...read('sandbox'), ...change })).toBe(false);
  });

  it('gives editors values, defaults and descriptions', () => {
    const { auth, categories, connectHelp, requestTimeoutMs } = schema.properties ?? {};
    expect(categories?.items?.enum).toContain('crm');
    expect(requestTimeoutMs?.default).toBe(60_000);
    expect(connectHelp?.description).toContain('For the customer');
    const modes = auth?.oneOf?.map((mode) => mode.properties?.['mode']?.const);
    expect(modes).toEqual(expect.arrayContaining(['api_key', 'oauth2', 'oauth1', 'aws_sigv4', 'mcp_oauth']));
    const oauth2 = auth?.oneOf?.find((mode) => mode.properties?.['mode']?.const === 'oauth2');
    expect(oauth2?.properties?.['pkce']).toMatchObject({ enum: ['S256', 'none'], default: 'S256' });
    expect(oauth2?.additionalProperties).toBe(false);
  });
});
