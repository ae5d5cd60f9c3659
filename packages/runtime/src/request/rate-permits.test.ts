import { afterEach, describe, expect, it } from 'vitest';
import { TenonError } from '../errors/tenon-error.ts';
import type { Answers } from '../execute/asks.ts';
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../testing/local-provider.ts';
import type { RateReport } from './rate-permits.ts';

let local: LocalProvider | undefined;

afterEach(async () => {
  await local?.close();
  local = undefined;
});

type Permit = Answers['rate-permit'];
const granted: Permit = { calls: 1, waitMs: 0, isLimited: true };

async function start(
  permits: Array<Permit | Promise<Permit> | Error>,
  { answer = () => ({ body: [] }), provider, maxWaitMs }: Partial<LocalProviderOptions> & { maxWaitMs?: number } = {},
) {
  const asked: number[] = [];
  const reports: RateReport[] = [];
  local = await startLocalProvider({
    answer,
    ...(provider && { provider }),
    client: {
      ...(maxWaitMs !== undefined && { maxWaitMs }),
      rateAsks: {
        async permit() {
          asked.push(asked.length);
          const permit = await (permits.shift() ?? granted);
          if (permit instanceof Error) throw permit;
          return permit;
        },
        async report(report) {
          reports.push(report);
        },
      },
    },
  });
  return { ...local, asked, reports };
}

describe('a client whose calls are counted', () => {
  it('asks before every attempt, repeated ones too', async () => {
    const { client, asked, api } = await start([], {
      answer: (_request, index) => (index === 0 ? { status: 503 } : { body: {} }),
    });
    await client.get('/items');
    expect(api.requests).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  it('uses the calls that it was given before it asks again', async () => {
    const { client, asked } = await start([{ calls: 3, waitMs: 0, isLimited: true }]);
    for (let call = 0; call < 3; call += 1) await client.get('/items');
    expect(asked).toHaveLength(1);
    await client.get('/items');
    expect(asked).toHaveLength(2);
  });

  it('does not ask again for a second when there is no limit', async () => {
    const unlimited: Permit = { calls: 1, waitMs: 0, isLimited: false };
    const { client, asked, clock } = await start([unlimited, unlimited]);
    for (let call = 0; call < 20; call += 1) await client.get('/items');
    expect(asked).toHaveLength(1);
    await clock.wait(1_001, new AbortController().signal);
    await client.get('/items');
    expect(asked).toHaveLength(2);
  });

  it('asks again at once when an answer says that calls are scarce', async () => {
    const { client, asked, reports } = await start([{ calls: 1, waitMs: 0, isLimited: false }], {
      provider: { retry: { remainingHeader: 'x-left', resetHeader: 'x-reset', resetUnit: 'seconds' } },
      answer: () => ({ body: {}, headers: { 'x-left': '2', 'x-reset': '30' } }),
    });
    await client.get('/items');
    await client.get('/items');
    expect(asked).toHaveLength(2);
    expect(reports).toMatchObject([{ status: 200, remaining: 2 }, { remaining: 2 }]);
  });

  it('waits a short time and asks again', async () => {
    const { client, clock, api } = await start([{ calls: 0, waitMs: 2_500, isLimited: true }]);
    await client.get('/items');
    expect(clock.waits).toEqual([2_500]);
    expect(api.requests).toHaveLength(1);
  });

  it('ends a call that would have to wait for long, before it is made', async () => {
    const { client, api } = await start([{ calls: 0, waitMs: 90_000, isLimited: true }]);
    const error = await client.get('/items').then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TenonError);
    expect(error).toMatchObject({ code: 'provider_rate_limited', details: { retryAfterMs: 90_000 } });
    expect(api.requests).toHaveLength(0);
  });

  it('makes the call when nobody can count', async () => {
    const { client, api } = await start([new Error('the database is gone')]);
    await client.get('/items');
    expect(api.requests).toHaveLength(1);
  });

  it('stops waiting when the run is aborted', async () => {
    let arrive: (permit: Permit) => void = () => undefined;
    const late = new Promise<Permit>((resolve) => (arrive = resolve));
    const { client, abort, api } = await start([late]);
    const call = client.get('/items');
    const reason = new Error('cancelled');
    abort(reason);
    await expect(call).rejects.toBe(reason);
    arrive(granted);
    expect(api.requests).toHaveLength(0);
  });

  it('reports a refusal with its wait, and errors in a 200 as well', async () => {
    const { client, reports } = await start([], {
      provider: {
        bodyError: { okPath: 'ok', messagePath: 'error', rateLimited: ['slow_down'] },
        retry: { maxAttempts: 2 },
      },
      answer: (_request, index) =>
        index === 0
          ? { body: { ok: false, error: 'slow_down' }, headers: { 'retry-after': '3' } }
          : { body: { ok: true } },
    });
    await client.get('/items');
    expect(reports).toEqual([{ status: 429, retryAfterMs: 3_000 }]);
  });

  it('reports a few times a second while there is plenty', async () => {
    const { client, reports, clock } = await start([], {
      provider: {
        retry: { limitHeader: 'x-limit', remainingHeader: 'x-left', resetHeader: 'x-reset', resetUnit: 'seconds' },
      },
      answer: (_request, index) => ({
        body: {},
        headers: { 'x-limit': '1000', 'x-left': String(1_000 - index), 'x-reset': '0.5' },
      }),
    });
    for (let call = 0; call < 30; call += 1) await client.get('/items');
    // The clock stands still but for what the calls took.
    expect(reports.length).toBeLessThan(10);
    const before = reports.length;
    await clock.wait(501, new AbortController().signal);
    await client.get('/items');
    expect(reports).toHaveLength(before + 1);
  });

  it('asks one question at a time, and lets the others go when there is no limit', async () => {
    let arrive: (permit: Permit) => void = () => undefined;
    const first = new Promise<Permit>((resolve) => (arrive = resolve));
    const { client, asked, api } = await start([first]);
    const calls = Array.from({ length: 200 }, () => client.get('/items'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(1);
    arrive({ calls: 1, waitMs: 0, isLimited: false });
    await Promise.all(calls);
    expect(asked).toHaveLength(1);
    expect(api.requests).toHaveLength(200);
  });

  it('lets the next call ask when the one before it gives up', async () => {
    const { client, api, asked } = await start([{ calls: 0, waitMs: 90_000, isLimited: true }]);
    const [one, other] = await Promise.allSettled([client.get('/one'), client.get('/other')]);
    expect([one?.status, other?.status]).toEqual(['rejected', 'fulfilled']);
    expect(asked).toHaveLength(2);
    expect(api.requests.map(({ path }) => path)).toEqual(['/other']);
  });

  it('says nothing of answers without a limit', async () => {
    const { client, reports } = await start([], { answer: () => ({ body: {} }) });
    await client.get('/items');
    expect(reports).toEqual([]);
  });
});
