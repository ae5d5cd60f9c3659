import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCredentialSource } from '../credential-source.ts';
import { openRotatingRoom, type RotatingRoom } from '../testing/rotating-room.ts';
import { startRotatingProvider, type TokenAnswer } from '../testing/rotating-provider.ts';

let room: RotatingRoom;
afterEach(() => room.close());

async function tokenVersion(connectionId: number) {
  return room.context.database
    .selectFrom('connections')
    .select(['token_version', 'refresh_started_at', 'refresh_at', 'state', 'problem'])
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
}

/** Reads with a token that is about to end, so that it must be renewed. */
async function read(connectionId: number, context = room.context): Promise<string | undefined> {
  return (await createCredentialSource(context).getActiveCredential(connectionId)).fields['accessToken'];
}

const badAnswers: { what: string; answer: (act: () => TokenAnswer) => TokenAnswer }[] = [
  { what: 'a 500', answer: () => ({ status: 500, body: { error: 'oops' } }) },
  { what: 'a page for people', answer: () => ({ status: 200, body: '<html>Maintenance</html>' }) },
  { what: 'a 401 page of a gateway', answer: () => ({ status: 401, body: '<html>Sign in</html>' }) },
  { what: 'no token', answer: () => ({ status: 200, body: { token_type: 'Bearer' } }) },
  { what: 'an empty token', answer: () => ({ status: 200, body: { access_token: '', refresh_token: '' } }) },
  { what: 'a token that is a number', answer: () => ({ status: 200, body: { access_token: 7, expires_in: 'soon' } }) },
  { what: 'a cut connection', answer: () => ({ status: 200, body: '', cut: true }) },
  { what: 'a rate limit', answer: () => ({ status: 429, body: { error: 'slow_down' } }) },
  { what: 'an error without a name', answer: () => ({ status: 400, body: {} }) },
];

describe('a hostile provider', () => {
  it.each(badAnswers)('loses no connection with $what', async ({ answer }) => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.answer(answer);
    await expect(read(connectionId)).rejects.toMatchObject({ code: expect.stringMatching(/^provider_/) });
    expect(await room.show()).toMatchObject({ state: 'active', problem: { class: 'provider_down', failures: 1 } });
    room.rotator.answer((act) => act());
    expect(await read(connectionId)).toMatch(/^access-/);
    expect(await room.show()).toMatchObject({ state: 'active', problem: null });
    expect(await room.events()).toEqual([
      'connection.created',
      'connection.failed',
      'connection.refreshed',
      'connection.recovered',
    ]);
  });

  it('goes on after an answer that was lost, where the provider has a leeway', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.allowReplay();
    room.rotator.answer((act) => ({ ...act(), cut: true }));
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_unreachable' });
    room.rotator.answer((act) => act());
    expect(await read(connectionId)).toMatch(/^access-/);
  });

  it('says that an answer was lost when the provider has none', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.answer((act) => ({ ...act(), cut: true }));
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_unreachable' });
    const since = (await room.show()).problem?.since;
    room.rotator.answer((act) => act());
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_unauthorized' });
    expect(await room.show()).toMatchObject({
      state: 'auth_failed',
      problem: { class: 'revoked', message: expect.stringContaining(String(since)) },
    });
  });

  it.each([
    { what: 'left out', body: {} },
    { what: 'empty', body: { refresh_token: '', scope: '' } },
  ])('keeps the refresh token and the scopes when they are $what', async ({ body }) => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    const { token: before } = await room.context.secrets.read(connectionId);
    const given = { access_token: 'next', expires_in: 3_600, ...body };
    room.rotator.answer(() => ({ status: 200, body: given }));
    expect(await read(connectionId)).toBe('next');
    const { token } = await room.context.secrets.read(connectionId);
    expect(token).toMatchObject({ refreshToken: before?.refreshToken, scopes: ['read'] });
  });

  it('renews once for a hundred that ask in four places while the provider is slow', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.answer(async (act) => {
      await delay(200);
      return act();
    });
    const peers = Array.from({ length: 4 }, () => room.createPeer());
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, index) => read(connectionId, peers[index % 4])));
    expect(new Set(tokens).size).toBe(1);
    expect(room.rotator.renewals()).toBe(1);
  });
});

describe('classes of failures', () => {
  it('fails a revoked connection once, and tells it once', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.revokeAll();
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_unauthorized' });
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_unauthorized' });
    expect(room.rotator.renewals()).toBe(1);
    expect(await room.show()).toMatchObject({ state: 'auth_failed', problem: { class: 'revoked', failures: 1 } });
    expect(await room.events()).toEqual(['connection.created', 'connection.failed']);
  });

  it('goes on with a token that is good still while the provider is down, and counts', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: 200_000 });
    room.pass(190_000);
    room.rotator.answer(() => ({ status: 503, body: {} }));
    expect(await read(connectionId)).toBe('access-1-b1c9');
    expect(await read(connectionId)).toBe('access-1-b1c9');
    expect(await room.show()).toMatchObject({ state: 'active', problem: { class: 'provider_down', failures: 2 } });
    room.pass(20_000);
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_error' });
    expect(await room.events()).toEqual(['connection.created', 'connection.failed']);
  });

  it('does not ask the customer when the app is refused', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.answer(() => ({ status: 401, body: { error: 'invalid_client' } }));
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'integration_misconfigured' });
    expect(await room.show()).toMatchObject({ state: 'active', problem: { class: 'misconfigured' } });
    const { refresh_at: refreshAt } = await tokenVersion(connectionId);
    expect((refreshAt?.getTime() ?? 0) - room.context.now()).toBeGreaterThan(25 * 60_000);
  });

  it('ends with its access token where there is no other', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: 3_600_000, refreshToken: false });
    expect(await read(connectionId)).toBe('access-1-b1c9');
    expect(await room.show()).toMatchObject({ expiry: { cause: 'access_token', unless: 'reconnected' } });
    room.pass(3_700_000);
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'provider_unauthorized' });
    expect(await room.show()).toMatchObject({ state: 'auth_failed', problem: { class: 'revoked', retryAt: null } });
    expect(room.rotator.renewals()).toBe(0);
  });

  it('does not call a connection dead for a refusal of a token that cannot be renewed', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { refreshToken: false });
    const source = createCredentialSource(room.context);
    await expect(source.getActiveCredential(connectionId, { renew: true })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
    expect((await room.show()).state).toBe('active');
    const signal = AbortSignal.timeout(10_000);
    expect(await source.confirmRefusal(connectionId, { signal })).toBe('accepted');
    room.rotator.revokeAll();
    expect(await source.confirmRefusal(connectionId, { signal })).toBe('refused');
    expect((await room.show()).state).toBe('auth_failed');
  });
});

describe('what goes wrong on our side', () => {
  it('stores an answer again until the database takes it', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    const log = { warn: vi.fn(), error: vi.fn() };
    const peer = room.createPeer({ log });
    room.rotator.answer(async (act) => {
      // From here on no update goes through until the trigger is gone.
      await room.pool.query(`create function refuse() returns trigger language plpgsql as
        'begin raise exception ''disk full''; end';
        create trigger refuse before update on connections for each row execute function refuse()`);
      return act();
    });
    const reading = read(connectionId, peer);
    await vi.waitUntil(() => log.warn.mock.calls.length > 1, { timeout: 10_000 });
    await room.pool.query('drop trigger refuse on connections');
    expect(await reading).toBe('access-2-b1c9');
    expect(log.error).not.toHaveBeenCalled();
    expect((await room.context.secrets.read(connectionId)).token?.refreshToken).toBe('refresh-2-e7d2');
  });

  it('finishes a renewal that is under way when the server stops, and begins no other', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    const other = await room.connect('other', { expiresInMs: -1 });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    room.rotator.answer(async (act) => {
      await released;
      return act();
    });
    const reading = read(connectionId);
    await vi.waitUntil(() => room.rotator.renewals() === 1);
    const stopped = room.context.renewals.stop({ graceMs: 60_000 });
    await expect(read(other)).rejects.toMatchObject({ code: 'unavailable' });
    release();
    await stopped;
    expect(await reading).toBe('access-3-b1c9');
    expect((await tokenVersion(connectionId)).refresh_started_at).toBeNull();
    expect(room.rotator.renewals()).toBe(1);
  });

  it('gives up what hangs when its grace is over, and leaves a trace of it', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.answer(() => new Promise(() => undefined));
    const reading = read(connectionId);
    reading.catch(() => undefined);
    await vi.waitUntil(() => room.rotator.renewals() === 1);
    await room.context.renewals.stop({ graceMs: 10 });
    await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/unavailable|provider_/) });
    const { refresh_started_at: startedAt, problem } = await tokenVersion(connectionId);
    expect([startedAt === null, problem]).toEqual([false, null]);
  });

  it('takes over from a process that is gone when its lease has run out', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    await room.context.database
      .updateTable('connections')
      .set({ refresh_started_at: new Date(Date.now() - 1_000) })
      .execute();
    expect(await read(connectionId, room.createPeer({ leaseMs: 500 }))).toBe('access-2-b1c9');
  });

  it('lets credentials that were replaced meanwhile win over a late answer', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    room.rotator.answer(async (act) => {
      await room.context.database.updateTable('connections').set({ token_version: 9 }).execute();
      return act();
    });
    await expect(read(connectionId)).rejects.toMatchObject({ code: 'conflict' });
    expect((await room.context.secrets.read(connectionId)).token?.accessToken).toBe('access-1-b1c9');
  });

  it('lets another provider renew while one hangs, and holds no database session meanwhile', async () => {
    const other = await startRotatingProvider({ name: 'prompt' });
    room = await openRotatingRoom({ others: [other] });
    const hanging = await Promise.all(
      Array.from({ length: 30 }, (_, index) => room.connect(`slow${index}`, { expiresInMs: -1 })),
    );
    const prompt = await room.connect('quick', { expiresInMs: -1, integration: 'prompt' });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    room.rotator.answer(async (act) => {
      await released;
      return act();
    });
    const peer = room.createPeer({ most: 12, mostOfProvider: 8 });
    const waiting = hanging.map((connectionId) => read(connectionId, peer));
    await vi.waitUntil(() => room.rotator.renewals() === 8);
    expect(await read(prompt, peer)).toMatch(/^access-/);
    const { rows } = await room.pool.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction'`,
    );
    expect(rows[0]?.count).toBe(0);
    release();
    expect(new Set(await Promise.all(waiting)).size).toBe(30);
    expect(room.rotator.mostAtOnce()).toBe(8);
  });
});
