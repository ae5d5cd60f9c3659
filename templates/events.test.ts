import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { SyncDefinition } from '@tenon/runtime';
import { runWebhookInMemory, type Exchange } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listProviders, openTemplate } from './harness.ts';

const root = new URL('./', import.meta.url);

interface Sample {
  source?: string;
  syncs: [string, ...string[]];
  headers?: Record<string, string>;
  body: unknown;
}

const listJson = (folder: string) =>
  existsSync(new URL(folder, root)) ? readdirSync(new URL(folder, root)).filter((file) => file.endsWith('.json')) : [];

const samples = listProviders().flatMap((provider) =>
  listJson(`${provider}/events/`).map((file) => ({ provider, event: file.replace(/\.json$/, '') })),
);

const readSample = (provider: string, event: string) =>
  JSON.parse(readFileSync(new URL(`${provider}/events/${event}.json`, root), 'utf8')) as Sample;

const openSync = async (provider: string, sync: string) =>
  ((await import(new URL(`${provider}/syncs/${sync}.ts`, root).href)) as { default: SyncDefinition }).default;

/** What the scripts are given beside the event: settings, stored records, and what the API answers. */
const surroundings: Record<string, { settings?: unknown; id: string; exchanges?: Exchange[] }> = {
  sandbox: { id: 'iss_1' },
  github: { id: '73464126', settings: { repos: ['Codertocat/Hello-World'], pageSize: 100 } },
  stripe: { id: 'cus_NffrFeUfNV2Hib' },
  slack: { id: 'U1234567' },
  hubspot: {
    id: '512',
    exchanges: [
      {
        request: {
          method: 'GET',
          path: '/crm/objects/2026-03/contacts/512?properties=email%2Cfirstname%2Clastname%2Cphone%2Cjobtitle%2Clifecyclestage',
        },
        response: {
          status: 200,
          body: {
            id: '512',
            properties: { lastname: 'Cool' },
            createdAt: '2024-09-12T11:36:05.267Z',
            updatedAt: '2024-09-12T11:36:22.982Z',
          },
        },
      },
    ],
  },
};

describe.each(samples)('the sample event $provider.$event', ({ provider, event }) => {
  const sample = readSample(provider, event);

  it('names where the provider documents it', () => {
    // The sandbox is our own, and documented nowhere else.
    if (provider !== 'sandbox') expect(URL.canParse(sample.source ?? '')).toBe(true);
  });

  it.each(sample.syncs)('changes a record of the sync %s', async (name) => {
    const sync = await openSync(provider, name);
    const { id, settings, exchanges = [] } = surroundings[provider] ?? { id: '' };
    const [model = ''] = Object.keys(sync.options.models);
    const run = (stored: Record<string, Record<string, unknown>[]>, answers: Exchange[]) =>
      runWebhookInMemory(sync, {
        provider: openTemplate(provider).provider,
        exchanges: answers,
        ...(settings !== undefined && { settings }),
        stored,
        event: { headers: sample.headers ?? {}, body: sample.body },
      });
    if (!/delet/.test(event)) {
      const { records } = await run({}, exchanges);
      expect([...(records.get(model)?.keys() ?? [])]).toEqual([id]);
      return;
    }
    // What is deleted was there: as another event of the provider left it.
    const before = samples.find((one) => one.provider === provider && !/delet/.test(one.event));
    const earlier = await runWebhookInMemory(sync, {
      provider: openTemplate(provider).provider,
      exchanges,
      ...(settings !== undefined && { settings }),
      event: { headers: {}, body: readSample(provider, before?.event ?? '').body },
    });
    const stored = [...(earlier.records.get(model)?.values() ?? [])];
    expect(stored).toHaveLength(1);
    const { records } = await run({ [model]: stored }, []);
    expect([...(records.get(model)?.keys() ?? [])]).toEqual([]);
  });
});

it('has sample events for every sync that takes events', async () => {
  for (const provider of listProviders()) {
    for (const file of existsSync(new URL(`${provider}/syncs/`, root))
      ? readdirSync(new URL(`${provider}/syncs/`, root))
      : []) {
      const name = file.replace(/\.ts$/, '');
      const sync = await openSync(provider, name);
      if (sync.options.onWebhook === undefined) continue;
      const named = samples
        .filter((one) => one.provider === provider)
        .flatMap(({ event }) => readSample(provider, event).syncs);
      expect(named, `${provider}/${name}`).toContain(name);
    }
  }
});
