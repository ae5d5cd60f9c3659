import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { toActiveCredential } from '@tenon/runtime/provider';
import { describe, expect, it } from 'vitest';
import { listStarters, openTemplate } from './harness.ts';

const root = new URL('./', import.meta.url);

interface Script {
  default: { kind: string; options: { description?: string } };
}

describe.each(listStarters())('the starter template %s', (name) => {
  const list = (kind: 'syncs' | 'actions' | 'fixtures') => readdirSync(new URL(`${name}/${kind}/`, root));

  it('says how its lists go on', () => {
    expect(openTemplate(name).provider.pagination).toBeDefined();
  });

  it('has two syncs and two actions, each described', async () => {
    for (const [kind, singular] of [
      ['syncs', 'sync'],
      ['actions', 'action'],
    ] as const) {
      expect(list(kind)).toHaveLength(2);
      for (const file of list(kind)) {
        const script = (await import(new URL(`${name}/${kind}/${file}`, root).href)) as Script;
        expect(script.default.kind).toBe(singular);
        expect(script.default.options.description, file).toBeTruthy();
      }
    }
  });

  it('imports nothing but the runtime and its models, so that it can be copied into a project', () => {
    for (const file of [
      ...list('syncs').map((sync) => `syncs/${sync}`),
      ...list('actions').map((action) => `actions/${action}`),
      'models.ts',
    ]) {
      const text = readFileSync(new URL(`${name}/${file}`, root), 'utf8');
      const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
      expect(
        imported.filter((source) => source !== '@tenon/runtime' && source !== '../models.js'),
        file,
      ).toEqual([]);
    }
  });

  it('uses each of its fixtures in its test', () => {
    expect(existsSync(new URL(`${name}/${name}.test.ts`, root))).toBe(true);
    const test = readFileSync(new URL(`${name}/${name}.test.ts`, root), 'utf8');
    for (const file of list('fixtures')) expect(test).toContain(`fixture('${file.replace('.json', '')}')`);
  });
});

it('takes the client credentials of the sandbox as an access token only', () => {
  const credentials = {
    mode: 'oauth2_client_credentials',
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
  } as const;
  const active = toActiveCredential(credentials, { accessToken: 'token' });
  expect(active.fields).toEqual({ accessToken: 'token' });
});
