import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ObservedExchange } from '../request/exchange-observer.ts';
import { createExchangeBuffer } from './exchange-buffer.ts';

type Parts = { path?: string; sent?: string | Uint8Array | null; body?: Uint8Array };

function exchangeOf({ path = '/items', sent = null, body = Buffer.alloc(0) }: Parts): ObservedExchange {
  return {
    sent: { method: 'GET', path, headers: {}, body: sent },
    outcome: { kind: 'answer', status: 200, headers: {}, body: Buffer.from(body) },
    ownHeaders: {},
    secrets: [],
  } as unknown as ObservedExchange;
}

const paths = (buffer: ReturnType<typeof createExchangeBuffer>) =>
  buffer.list().map(({ exchange }) => exchange.sent.path);
const bodyOf = (kept: ReturnType<ReturnType<typeof createExchangeBuffer>['list']>[number] | undefined) =>
  kept?.exchange.outcome.kind === 'answer' ? kept.exchange.outcome.body : undefined;

describe('what is kept of the exchanges of a run', () => {
  it('is the newest ones that have room, and the others are counted', () => {
    const buffer = createExchangeBuffer({ runBytes: 50_000, bodyBytes: 20_000 });
    for (let index = 0; index < 20; index += 1) {
      buffer.add(exchangeOf({ path: `/${index}`, body: Buffer.alloc(9_000) }));
      expect(buffer.size()).toBeLessThanOrEqual(50_000);
    }
    expect(paths(buffer)).toEqual(['/16', '/17', '/18', '/19']);
    expect(buffer.dropped()).toBe(16);
  });

  it('lets go of what it drops at once: a long run does not pile up the bodies that it has read', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const buffer = createExchangeBuffer({ runBytes: 250_000, bodyBytes: 200_000 });
    const bodies: Array<WeakRef<object>> = [];
    for (let index = 0; index < 20; index += 1) {
      const exchange = exchangeOf({ body: Buffer.alloc(100_000) });
      if (exchange.outcome.kind === 'answer') bodies.push(new WeakRef(exchange.outcome.body.buffer));
      buffer.add(exchange);
    }
    await setImmediate();
    collectGarbage();
    expect(bodies.filter((body) => body.deref() !== undefined)).toHaveLength(2);
    expect(buffer.dropped()).toBe(18);
  });

  it('stays within its bound over many small exchanges, of which each costs something', () => {
    const buffer = createExchangeBuffer({ runBytes: 30_000, bodyBytes: 1_000 });
    for (let index = 0; index < 5_000; index += 1) buffer.add(exchangeOf({ path: `/${index}` }));
    expect(buffer.size()).toBeLessThanOrEqual(30_000);
    expect(buffer.list().length + buffer.dropped()).toBe(5_000);
    expect(paths(buffer).at(-1)).toBe('/4999');
    expect(paths(buffer)[0]).toBe(`/${buffer.dropped()}`);
  });

  it('is without a body that is over its limit, on either side, and says so', () => {
    const buffer = createExchangeBuffer({ runBytes: 100_000, bodyBytes: 1_000 });
    buffer.add(exchangeOf({ sent: 'x'.repeat(501), body: Buffer.alloc(1_000, 'a') }));
    buffer.add(exchangeOf({ sent: 'x'.repeat(500), body: Buffer.alloc(1_001, 'a') }));
    const [first, second] = buffer.list();
    expect(first).toMatchObject({ cut: { request: true, response: false }, exchange: { sent: { body: null } } });
    expect(bodyOf(first)).toHaveLength(1_000);
    expect(second).toMatchObject({
      cut: { request: false, response: true },
      exchange: { sent: { body: 'x'.repeat(500) } },
    });
    expect(bodyOf(second)).toHaveLength(0);
    expect(buffer.size()).toBeLessThan(5_000);
  });

  it('is nothing when a single exchange has no room', () => {
    const buffer = createExchangeBuffer({ runBytes: 5_000, bodyBytes: 20_000 });
    buffer.add(exchangeOf({ body: Buffer.alloc(8_000) }));
    expect(buffer.list()).toEqual([]);
    expect(buffer).toSatisfy(() => buffer.dropped() === 1 && buffer.size() === 0);
  });

  it('holds on to no larger memory that a body is a view of', () => {
    const large = Buffer.alloc(1_000_000, 'a');
    const buffer = createExchangeBuffer({ runBytes: 100_000, bodyBytes: 20_000 });
    const view = large.subarray(10, 5_010);
    const exchange = exchangeOf({});
    buffer.add({ ...exchange, outcome: { ...exchange.outcome, body: view } } as ObservedExchange);
    const kept = bodyOf(buffer.list()[0]);
    expect(kept?.equals(view)).toBe(true);
    expect(kept?.buffer.byteLength).toBeLessThan(20_000);
  });
});
