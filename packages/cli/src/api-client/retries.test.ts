import { describe, expect, it, onTestFinished } from 'vitest';
import { TenonError } from '@tenon/runtime/errors';
import { uploadBundles } from '../deploy/upload-bundles.ts';
import { FakeServer, refuse } from '../testing/fake-server.ts';
import { httpAnswer, startBrokenServer } from '../testing/start-broken-server.ts';
import { createApiClient } from './create-api-client.ts';
import type { TransportOptions } from './http-transport.ts';
import { retryDelay } from './retry-delay.ts';

const busy = refuse(503, 'unavailable', 'Starting.');

async function startFake(options: TransportOptions = {}) {
  const server = await FakeServer.start();
  const client = createApiClient(server, { times: { firstRetryMs: 1 }, ...options });
  onTestFinished(async () => {
    client.close();
    await server.stop();
  });
  return { server, client };
}

describe('retries', () => {
  it('repeat what reads until it works', async () => {
    const { server, client } = await startFake();
    server.answerNext('GET', busy, busy);
    expect((await client.whoami()).environment).toBe('dev');
    expect(server.requests).toHaveLength(3);
  });

  it('repeat no call that changes something', async () => {
    const { server, client } = await startFake();
    server.answerNext('POST', busy);
    server.answerNext('DELETE', busy);
    server.answerNext('PATCH', busy);
    const ref = { integration: 'github', connection: 'user1' };
    await expect(client.triggerSync({ ...ref, sync: 'issues' })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(client.deleteConnection(ref)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(client.patchConnection(ref, { metadata: {} })).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(3);
  });

  it('wait as long as the server asks', async () => {
    const { server, client } = await startFake();
    server.answerNext('GET', { ...refuse(429, 'rate_limited', 'Slowly.'), headers: { 'retry-after': '1' } });
    const before = performance.now();
    await client.whoami();
    expect(performance.now() - before).toBeGreaterThanOrEqual(995);
  });

  it('end when they would take longer than the call may', async () => {
    const { server, client } = await startFake({ times: { firstRetryMs: 60_000 } });
    server.answerNext('GET', busy);
    await expect(client.whoami({ timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(1);
  });

  it('end with the signal', async () => {
    const stopping = new AbortController();
    const reason = new Error('enough');
    const said: unknown[] = [];
    const { server, client } = await startFake({
      times: { firstRetryMs: 10_000 },
      onWait(what) {
        said.push(what);
        if (what?.includes('Trying again')) stopping.abort(reason);
      },
    });
    server.answerNext('GET', busy);
    await expect(client.whoami({ signal: stopping.signal })).rejects.toBe(reason);
    expect(said).toContain('Starting. Trying again (2 of 3)');
    expect(server.requests).toHaveLength(1);
  });

  it('are spread by chance, grow, and are never earlier than asked', () => {
    const delayOf = (attempt: number, random: number, details?: Record<string, unknown>) =>
      retryDelay(new TenonError('unavailable', '', details ? { details } : {}), {
        attempt,
        firstMs: 300,
        random: () => random,
      });
    expect([delayOf(1, 0), delayOf(1, 1), delayOf(2, 0), delayOf(3, 0)]).toEqual([300, 150, 1_200, undefined]);
    expect(delayOf(1, 1, { retryAfterSeconds: 2 })).toBeGreaterThanOrEqual(2_000);
    expect(delayOf(1, 1, { retryAfterSeconds: 31 })).toBeUndefined();
    const options = { attempt: 1, firstMs: 300, random: () => 0 };
    expect(retryDelay(new TenonError('not_found', ''), options)).toBeUndefined();
  });

  it('tell whoever waits for a slow server, and that it is over', async () => {
    const said: Array<string | undefined> = [];
    let notice = () => {};
    const noticed = new Promise<void>((resolve) => (notice = resolve));
    const server = await startBrokenServer({
      answer: (socket) => void noticed.then(() => socket.end(httpAnswer(204, ''))),
    });
    const client = createApiClient(
      { url: server.url, apiKey: 'k' },
      {
        times: { noticeMs: 1 },
        onWait(what) {
          said.push(what);
          notice();
        },
      },
    );
    onTestFinished(() => client.close());
    await client.uploadBundle('a'.repeat(64), 'code');
    expect(said).toEqual([`Waiting for ${server.url}`, undefined]);
  });
});

describe('uploads', () => {
  it('go on after a connection that broke off, and upload nothing twice that is there', async () => {
    const stored = new Map<string, number>();
    let requests = 0;
    const server = await startBrokenServer({
      answer(socket, request) {
        requests += 1;
        if (requests % 3 === 0) {
          socket.resetAndDestroy();
          return;
        }
        const hash = /PUT \/v1\/bundles\/(\w+)/.exec(request)?.[1] ?? '';
        stored.set(hash, (stored.get(hash) ?? 0) + 1);
        socket.end(httpAnswer(204, ''));
      },
    });
    const client = createApiClient({ url: server.url, apiKey: 'k' }, { times: { firstRetryMs: 1 } });
    onTestFinished(() => client.close());
    const hashes = Array.from({ length: 9 }, (_, index) => String(index).repeat(64));
    await uploadBundles(client, { hashes, bundles: new Map(hashes.map((hash) => [hash, 'code'])) });
    expect([...stored.keys()].sort()).toEqual(hashes);
    expect([...stored.values()]).toEqual(hashes.map(() => 1));
  });
});
