import { afterEach, describe, expect, it } from 'vitest';
import { createRefreshLoop } from './refresh-loop.ts';
import { goodApiKey } from './testing/sample-provider-server.ts';
import { openRotatingRoom, type RotatingRoom } from './testing/rotating-room.ts';
import { createConnection } from './create-connection.ts';
import { findConnection } from './find-connection.ts';
import { recordProblem } from './record-problem.ts';
import { TenonError } from '@tenon/runtime/errors';

const log = { debug: () => undefined, error: () => undefined };
const dayMs = 24 * 3_600_000;

let room: RotatingRoom;
afterEach(() => room.close());

function openLoop() {
  return createRefreshLoop(room.createPeer(), { log });
}

describe('the refresh loop', () => {
  it('renews a connection that nobody uses once a day', async () => {
    room = await openRotatingRoom();
    await room.connect();
    expect(await openLoop().tick()).toBe(0);
    room.pass(dayMs);
    expect(await openLoop().tick()).toBe(1);
    expect(await openLoop().tick()).toBe(0);
    expect(room.rotator.given()).toBe(1);
    expect((await room.show()).refreshedAt).not.toBeNull();
  });

  it('keeps a refresh token alive that would end when it lies idle', async () => {
    room = await openRotatingRoom({ auth: { refreshToken: { use: 'rotating', idleSeconds: 7_200 } } });
    await room.connect();
    const { expiry } = await room.show();
    expect(expiry).toMatchObject({ cause: 'refresh_token_idle', unless: 'refreshed' });
    for (let hour = 1; hour <= 4; hour += 1) {
      room.pass(3_600_000);
      expect(await openLoop().tick()).toBe(1);
    }
    expect((await room.show()).expiry?.at).not.toBe(expiry?.at);
    expect(await room.show()).toMatchObject({ state: 'active', problem: null });
  });

  it('shares what is due with other processes, each connection once', async () => {
    room = await openRotatingRoom();
    for (let n = 0; n < 40; n += 1) await room.connect(`c${n}`);
    room.pass(dayMs);
    const counts = await Promise.all([openLoop(), openLoop(), openLoop()].map((loop) => loop.tick()));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(room.rotator.given()).toBe(40);
    expect(room.rotator.renewals()).toBe(40);
  });

  it('tries again what failed, and tells when it is well', async () => {
    room = await openRotatingRoom();
    await room.connect();
    room.pass(dayMs);
    room.rotator.answer(() => ({ status: 503, body: {} }));
    await openLoop().tick();
    const { problem } = await room.show();
    expect(problem).toMatchObject({ class: 'provider_down', failures: 1 });
    expect(await openLoop().tick()).toBe(0);
    room.pass(Date.parse(problem?.retryAt ?? '') - room.context.now());
    await openLoop().tick();
    expect((await room.show()).problem).toMatchObject({ failures: 2, since: problem?.since });
    room.rotator.answer((act) => act());
    room.pass(3_600_000);
    await openLoop().tick();
    expect(await room.show()).toMatchObject({ state: 'active', problem: null });
    expect((await room.events()).slice(1)).toEqual([
      'connection.failed',
      'connection.refreshed',
      'connection.recovered',
    ]);
  });

  it('gives a revoked connection a few more chances before it leaves it to the customer', async () => {
    room = await openRotatingRoom();
    await room.connect();
    room.pass(dayMs);
    room.rotator.answer(() => ({ status: 400, body: { error: 'invalid_grant' } }));
    for (let tries = 0; tries < 10; tries += 1) {
      await openLoop().tick();
      room.pass(3 * dayMs);
    }
    expect(room.rotator.renewals()).toBe(6);
    expect(await room.show()).toMatchObject({ state: 'auth_failed', problem: { failures: 6, retryAt: null } });
    expect((await room.events()).slice(1)).toEqual(['connection.failed']);
  });

  it('notices the end of an access token that nothing can renew', async () => {
    room = await openRotatingRoom();
    await room.connect('acme', { refreshToken: false });
    room.pass(3_700_000);
    await openLoop().tick();
    expect(await room.show()).toMatchObject({ state: 'auth_failed', problem: { class: 'revoked' } });
  });

  it('finds out that an API key works again', async () => {
    room = await openRotatingRoom();
    const { context, environmentId } = room;
    const credentials = { mode: 'api_key', values: { apiKey: goodApiKey } } as const;
    const more = { config: {}, settings: {}, metadata: {}, verify: true };
    await createConnection(context, { environmentId, integration: 'tracker', name: 'key', credentials, ...more });
    const address = { environmentId, integration: 'tracker', name: 'key' };
    const { connectionId } = await findConnection(context.database, address);
    const error = new TenonError('provider_unauthorized', 'Tracker refused the key.');
    await recordProblem(context, { connectionId, version: 1, error });
    expect((await findConnection(context.database, address)).connection.state).toBe('auth_failed');
    room.pass(900_000);
    await openLoop().tick();
    expect((await findConnection(context.database, address)).connection).toMatchObject({
      state: 'active',
      problem: null,
    });
  });
});
