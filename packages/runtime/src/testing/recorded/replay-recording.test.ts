import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defineAction } from '../../define/define-action.ts';
import { defineSync } from '../../define/define-sync.ts';
import { z } from 'zod';
import { providerSchema } from '../../provider/provider-schema.ts';
import { recordingSchema, type Recording } from '../../recording/recording-schema.ts';
import { compareOutcomes } from './compare-outcomes.ts';
import { replayRun, type ReplayedDefinition } from './replay-run.ts';
import { resumeEverywhere } from './resume-everywhere.ts';

const provider = providerSchema.parse({
  name: 'acme',
  displayName: 'Acme',
  docs: 'https://example.com',
  sources: ['https://example.com'],
  auth: { mode: 'api_key', fields: { apiKey: { title: 'API key', secret: true } } },
  query: { key: '${credential.apiKey}' },
  baseUrl: 'https://api.acme.example/v1',
  pagination: { style: 'offset', param: 'page', unit: 'page', first: 1, limit: 2, lastPage: 'empty', items: 'items' },
});

const clock = '2026-01-02T03:04:05.000Z';
const Item = z.object({ id: z.string(), at: z.string().optional() });

function exchange(path: string, body: unknown, status = 200) {
  return { request: { method: 'GET', path: `/v1${path}&key=[redacted]` }, response: { status, body } };
}

function recording(over: Partial<z.input<typeof recordingSchema>> = {}): Recording {
  return recordingSchema.parse({
    formatVersion: 1,
    function: { integration: 'acme', name: 'items' },
    kind: 'sync',
    provider: 'acme',
    recordedAt: clock,
    clock,
    connection: { id: 'user1' },
    exchanges: [],
    outcome: {},
    ...over,
  });
}

const pagesOfTwo = [
  exchange('/items?page=1', { items: [{ id: 'a' }, { id: 'b' }] }),
  exchange('/items?page=2', { items: [{ id: 'c' }] }),
  exchange('/items?page=3', { items: [] }),
];

const items = defineSync({
  models: { Item },
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<{ id: string }>('/items', { params: {} })) await sync.save('Item', page);
  },
});

const replay = (definition: ReplayedDefinition, given: Recording) => replayRun(definition, given, { provider });

/** An action around some code, and what it gives. */
async function runCode(code: () => unknown, over: Parameters<typeof recording>[0] = {}): Promise<unknown> {
  const action = defineAction({ input: z.unknown(), output: z.unknown(), run: async () => await code() });
  const { outcome } = await replay(action, recording({ kind: 'action', ...over }));
  return outcome.error ?? outcome.output;
}

describe('the replay of a recording', () => {
  it('gives the records, and what a complete run did not see any more', async () => {
    const start = { records: { Item: [{ id: 'b' }, { id: 'gone' }] } };
    const { outcome } = await replay(items, recording({ exchanges: pagesOfTwo, start }));
    expect(outcome).toEqual({
      records: { Item: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] },
      deleted: { Item: ['gone'] },
    });
  });

  it('deletes nothing for absence when the recording holds only the first pages', async () => {
    const start = { records: { Item: [{ id: 'old' }] } };
    const given = recording({ exchanges: pagesOfTwo.slice(0, 2), limitPages: 1, start });
    const { outcome } = await replay(items, given);
    expect(outcome.records).toEqual({ Item: [{ id: 'a' }, { id: 'b' }, { id: 'old' }] });
    expect(outcome.deleted).toBeUndefined();
  });

  it('does not mind a page that was read ahead and given up, recorded or not', async () => {
    const given = recording({ exchanges: pagesOfTwo.slice(0, 1), limitPages: 1 });
    const { outcome } = await replay(items, given);
    expect(outcome.records).toEqual({ Item: [{ id: 'a' }, { id: 'b' }] });
  });

  it('fails for a request that is not recorded, with what differs', async () => {
    await expect(replay(items, recording({ exchanges: [exchange('/items?page=7', {})] }))).rejects.toMatchObject({
      code: 'replay_unmatched',
      message: expect.stringContaining('query page: recorded 7, sent 1'),
    });
  });

  it('fails also when the script catches what was not recorded', async () => {
    const action = defineAction({
      input: z.unknown(),
      output: z.string(),
      run: (context) =>
        context.get('/nothing').then(
          () => 'found',
          () => 'caught',
        ),
    });
    await expect(replay(action, recording({ kind: 'action' }))).rejects.toMatchObject({ code: 'replay_unmatched' });
  });

  it('fails for an exchange that nobody asked for', async () => {
    const exchanges = [...pagesOfTwo, exchange('/more?page=1', {})];
    await expect(replay(items, recording({ exchanges }))).rejects.toMatchObject({ code: 'replay_unused' });
  });

  it('keeps what a script fails with as its outcome, with what was saved before', async () => {
    const exchanges = [...pagesOfTwo.slice(0, 1), exchange('/items?page=2', { message: 'no' }, 403)];
    const { outcome } = await replay(items, recording({ exchanges }));
    expect(outcome.records).toEqual({ Item: [{ id: 'a' }, { id: 'b' }] });
    expect(outcome.error).toMatchObject({ code: 'provider_error' });
  });

  it('refuses the definition of something else', async () => {
    await expect(replay(items, recording({ kind: 'action' }))).rejects.toMatchObject({ code: 'script_incompatible' });
  });
});

describe('the world of a replay', () => {
  it('has the time of the recording, which only waits move', async () => {
    const begun = Date.now();
    const seen = await runCode(async () => {
      const before = [new Date().toISOString(), Date.now(), new Date(0).toISOString(), Date().slice(0, 15)];
      await new Promise((resolve) => setTimeout(resolve, 86_400_000));
      await sleep(1_000);
      return [...before, new Date().toISOString(), new Date() instanceof Date];
    });
    expect(seen).toEqual([
      clock,
      Date.parse(clock),
      '1970-01-01T00:00:00.000Z',
      expect.any(String),
      '2026-01-03T03:04:06.000Z',
      true,
    ]);
    expect(Date.now() - begun).toBeLessThan(60_000);
  });

  it('has timers in their order, repeated ones and cleared ones', async () => {
    const seen = await runCode(async () => {
      const order: string[] = [];
      clearTimeout(setTimeout(() => order.push('cleared'), 5));
      setTimeout(() => order.push('late'), 50);
      setTimeout(() => order.push('soon'), 10);
      await new Promise<void>((resolve) => {
        const every = setInterval(() => {
          order.push('tick');
          if (order.filter((entry) => entry === 'tick').length < 3) return;
          clearInterval(every);
          resolve();
        }, 20);
      });
      return order;
    });
    expect(seen).toEqual(['soon', 'tick', 'tick', 'late', 'tick']);
  });

  it("lets an answer come before a timeout of the script's own", async () => {
    const action = defineAction({
      input: z.unknown(),
      output: z.unknown(),
      run: async (context) =>
        await Promise.race([
          context.get('/slow?a=1').then(({ data }) => data),
          new Promise((resolve) => setTimeout(() => resolve('too late'), 10)),
        ]),
    });
    const given = recording({ kind: 'action', exchanges: [exchange('/slow?a=1', { fine: true })] });
    expect((await replay(action, given)).outcome.output).toEqual({ fine: true });
  });

  it('has the same random numbers each time, and leaves others alone', async () => {
    const roll = () => [
      Math.random(),
      crypto.randomUUID(),
      randomUUID(),
      [...crypto.getRandomValues(new Uint8Array(4))],
    ];
    const [first, second] = [await runCode(roll), await runCode(roll)];
    expect(second).toEqual(first);
    expect(new Set((first as unknown[]).map(String)).size).toBe(4);
    expect(randomUUID()).not.toBe(randomUUID());
  });

  it('has no network, and says so even when the script catches it', async () => {
    const reach = () => fetch('http://127.0.0.1:40999/').catch(() => 'caught');
    await expect(runCode(reach)).rejects.toMatchObject({ code: 'replay_network' });
    const dial = () =>
      new Promise((resolve) => {
        connect({ host: '127.0.0.1', port: 9 }).on('error', () => resolve('caught'));
      });
    await expect(runCode(dial)).rejects.toMatchObject({ code: 'replay_network' });
  });

  it('gives the process back as it was, also to what goes on beside a replay', async () => {
    const natives = [Date, setTimeout, Math.random, fetch];
    const [inside, outside] = await Promise.all([runCode(() => sleep(5).then(() => Date.now())), Date.now()]);
    expect(inside).toBe(Date.parse(clock) + 5);
    expect(Math.abs(outside - Date.parse(clock))).toBeGreaterThan(1_000);
    expect([Date, setTimeout, Math.random, fetch]).toEqual(natives);
    expect(Date).toBe(natives[0]);
  });
});

describe('resuming everywhere', () => {
  it('comes to the same with a sync that only saves', async () => {
    const result = await resumeEverywhere(items, recording({ exchanges: pagesOfTwo }), { provider });
    expect(result).toEqual({ places: expect.any(Number), findings: [] });
    expect(result.places).toBeGreaterThan(0);
  });

  it('finds a checkpoint that is ahead of what was saved', async () => {
    const careless = defineSync({
      models: { Item },
      checkpoint: z.object({ page: z.number() }),
      async run(sync) {
        for (let page = (sync.checkpoint?.page ?? 0) + 1; page <= 2; page += 1) {
          await sync.setCheckpoint({ page });
          const { data } = await sync.get<{ items: Array<{ id: string }> }>(`/items?page=${page}`);
          await sync.save('Item', data.items);
        }
      },
    });
    // More than one commit takes, so that the checkpoint is stored before the last of them.
    const many = Array.from({ length: 2_500 }, (_, index) => ({ id: `n${index}` }));
    const given = recording({
      exchanges: [exchange('/items?page=1', { items: many }), exchange('/items?page=2', { items: [{ id: 'z' }] })],
    });
    const { findings } = await resumeEverywhere(careless, given, { provider });
    expect(findings[0]?.afterPage).toBe(1);
    expect(findings[0]?.differences[0]).toMatchObject({ path: 'records.Item[id=n1000]', actual: undefined });
  });

  it('asks for the rest with a cursor that the recording did not see', async () => {
    const incremental = defineSync({
      models: { Item },
      cursor: { field: 'at', initial: '2020-01-01T00:00:00Z', order: 'ascending' },
      async run(sync) {
        const pages = sync.paginate<{ id: string; at: string }>('/items', { params: { since: sync.cursor } });
        for await (const page of pages) await sync.save('Item', page);
      },
    });
    const since = 'since=2020-01-01T00%3A00%3A00Z';
    const exchanges = [
      exchange(`/items?page=1&${since}`, { items: [{ id: 'a', at: '2021-01-01T00:00:00Z' }] }),
      exchange(`/items?page=2&${since}`, { items: [{ id: 'b', at: '2022-01-01T00:00:00Z' }] }),
      exchange(`/items?page=3&${since}`, { items: [] }),
    ];
    const result = await resumeEverywhere(incremental, recording({ exchanges }), { provider });
    expect(result.findings).toEqual([]);
  });
});

describe('the comparison of outcomes', () => {
  it('names each place, records by their ids', () => {
    const expected = { records: { Item: [{ id: 'a', n: 1 }, { id: 'b' }] }, cursor: 'x' };
    const actual = { records: { Item: [{ id: 'a', n: 2 }, { id: 'c' }] }, deleted: { Item: ['b'] } };
    expect(compareOutcomes(expected, actual).map(({ path }) => path)).toEqual([
      'records.Item[id=a].n',
      'records.Item[id=b]',
      'records.Item[id=c]',
      'cursor',
      'deleted',
    ]);
    expect(compareOutcomes(expected, structuredClone(expected))).toEqual([]);
  });
});
