import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectAttempt, Connection } from '@tenon/runtime/contract';
import { abandonedAfterMs } from '../../../connect/attempts/attempt-status.ts';
import { claimAttempt } from '../../../connect/storage/claim-attempt.ts';
import { createBrowser, type Browser } from '../../testing/browser.ts';
import { openConnectRoom, type ConnectRoom } from '../../testing/connect-room.ts';

let room: ConnectRoom;
let user = 0;

beforeAll(async () => {
  room = await openConnectRoom();
});
afterAll(() => room.close());
beforeEach(() => {
  user += 1;
  Object.assign(room.docs, { account: 'account-1', consent: 'given', tokens: 'given', held: undefined });
});

const endUser = () => ({ id: `user${user}`, email: `user${user}@example.com` });

async function begin(request: Parameters<ConnectRoom['createSession']>[0] = {}) {
  const session = await room.createSession({ endUser: endUser(), ...request });
  return { session, ...(await room.startAttempt(session)) };
}

/** The whole way, up to the page at the end. */
async function goThrough(request: Parameters<ConnectRoom['createSession']>[0] = {}) {
  const begun = await begin(request);
  const callback = await room.consent(begun.attempt);
  const page = await begun.browser.fetch(callback);
  return { ...begun, callback, page: { status: page.status, text: await page.text() } };
}

async function readConnection(name = endUser().id): Promise<Connection> {
  return (await room.call('GET', `/v1/connections/docs/${name}`)).body as Connection;
}

async function countConnections(): Promise<number> {
  const answer = await room.call('GET', '/v1/connections?integration=docs&limit=1000');
  return (answer.body as { items: unknown[] }).items.length;
}

function failedWith(code: string): Partial<ConnectAttempt> {
  return { status: 'failed', url: null, connected: null, error: expect.objectContaining({ code }) };
}

describe('connecting at a provider', () => {
  it('sends the browser away with what the deployment and the session ask for', async () => {
    const { attempt } = await begin({
      defaults: { docs: { scopes: ['admin'], authorizationParameters: { prompt: 'consent' } } },
    });
    expect(Object.fromEntries(new URL(attempt.url ?? '').searchParams)).toMatchObject({
      client_id: 'app-1',
      redirect_uri: `${room.url}/oauth/callback`,
      response_type: 'code',
      scope: 'admin',
      audience: 'all',
      prompt: 'consent',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(attempt).toMatchObject({ status: 'pending', connected: null, error: null });
  });

  it('stores the connection with what the provider told, and says so on the page and to whoever asks', async () => {
    const { session, attempt, page } = await goThrough({
      defaults: { docs: { config: { region: 'us' }, metadata: { plan: 'pro' } } },
    });
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Your account is connected.') });
    expect(page.text).toContain(`data-attempt="${attempt.id}" data-status="succeeded"`);
    expect(await room.readAttempt(session, attempt.id)).toMatchObject({
      status: 'succeeded',
      url: null,
      connected: { integration: 'docs', connection: endUser().id },
      error: null,
    });
    expect(await readConnection()).toMatchObject({
      authMode: 'oauth2',
      state: 'active',
      scopes: ['read', 'write'],
      endUser: endUser(),
      config: { region: 'us', accountId: 'account-1' },
      metadata: { plan: 'pro' },
      tokenExpiresAt: expect.any(String),
    });
  });

  it('keeps neither the token of the session, nor the state, the cookie or the code', async () => {
    const { session, callback, browser } = await goThrough();
    const rows = await room.room.pool.query(
      `select row_to_json(s)::text as text from connect_sessions s union all
       select row_to_json(a)::text from connect_attempts a union all select row_to_json(c)::text from connections c`,
    );
    const dump = JSON.stringify(rows.rows);
    const { searchParams } = new URL(callback);
    const secrets = [
      session.token,
      searchParams.get('state'),
      searchParams.get('code'),
      `token-${searchParams.get('code')}`,
    ];
    for (const secret of secrets) expect(dump).not.toContain(secret);
    expect(browser.cookies).toHaveLength(1);
  });

  it('binds the attempt to the browser with a cookie that scripts and other sites do not get', async () => {
    const { browser } = await begin();
    expect(browser.cookies).toMatchObject([
      { name: expect.stringMatching(/^tenon_attempt_/), attributes: expect.stringContaining('Path=/oauth/callback') },
    ]);
    expect(browser.cookies[0]?.attributes).toMatch(/HttpOnly/);
    expect(browser.cookies[0]?.attributes).toMatch(/SameSite=Lax/);
  });

  it('shows the same result when the page is loaded again, and exchanges the code once', async () => {
    const { browser, callback, page } = await goThrough();
    const before = room.docs.exchanges();
    const again = await browser.fetch(callback);
    expect([again.status, await again.text()]).toEqual([page.status, page.text]);
    expect(room.docs.exchanges()).toBe(before);
  });

  it('makes one connection when the address is loaded several times at once', async () => {
    const { browser, attempt } = await begin();
    const callback = await room.consent(attempt);
    const exchanged = room.docs.exchanges();
    const known = await countConnections();
    const arrived = new Set<unknown>();
    room.app.server.on('request', (request: unknown) => arrived.add(request));
    let release = (): void => undefined;
    room.docs.held = new Promise((resolve) => void (release = resolve));
    const loading = Promise.all(Array.from({ length: 5 }, () => browser.fetch(callback)));
    // All are there while the code is still being exchanged, and had the time of a request to do something about it.
    await expect.poll(() => [arrived.size, room.docs.exchanges()]).toEqual([5, exchanged + 1]);
    await countConnections();
    release();
    const pages = await loading;
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(room.docs.exchanges()).toBe(exchanged + 1);
    expect(await countConnections()).toBe(known + 1);
  });

  it('does not exchange a code that another server began to exchange, and says so when that server is gone', async () => {
    const { session, attempt, browser } = await begin();
    const callback = await room.consent(attempt);
    const exchanged = room.docs.exchanges();
    const { database } = room.room.context;
    // As a server did a while ago that died with the next line.
    const claim = { id: attempt.id, now: new Date(room.room.context.now() - abandonedAfterMs) };
    expect(await claimAttempt(database, claim)).toBeDefined();
    expect(await claimAttempt(database, claim)).toBeUndefined();
    const page = await browser.fetch(callback);
    expect(page.status).toBe(410);
    expect(await page.text()).toMatch(/interrupted[^]*connect again/);
    expect(room.docs.exchanges()).toBe(exchanged);
    expect(await room.readAttempt(session, attempt.id)).toMatchObject({
      status: 'expired',
      error: { code: 'authorization_expired' },
    });
    expect(await readConnection()).toMatchObject({ error: { code: 'not_found' } });
    // The same session goes on with another attempt.
    const next = await room.startAttempt(session, { browser });
    expect(await browser.fetch(await room.consent(next.attempt))).toMatchObject({ status: 200 });
  });

  it('tells who waits, though the window that went away never comes back to the page', async () => {
    const { session, attempt, browser } = await begin();
    const waiting = room.readAttempt(session, attempt.id, 20_000);
    const callback = await room.consent(attempt);
    await browser.fetch(callback);
    expect(await waiting).toMatchObject({ status: 'succeeded' });
  });

  it('answers whoever waits with what there is when the time is up', async () => {
    const { session, attempt } = await begin();
    expect(await room.readAttempt(session, attempt.id, 50)).toMatchObject({ status: 'pending', url: attempt.url });
  });

  it('makes the syncs of the connection due', async () => {
    await goThrough();
    const { body } = await room.call('GET', `/v1/syncs?integration=docs&connection=${endUser().id}`);
    const { items } = body as { items: { nextRunAt: string }[] };
    expect(items).toHaveLength(1);
    expect(Date.parse(items[0]?.nextRunAt ?? '')).toBeLessThanOrEqual(Date.now());
  });
});

describe('what goes wrong at a provider', () => {
  it('is told when the customer does not consent', async () => {
    room.docs.consent = 'denied';
    const { session, attempt, page } = await goThrough();
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining('Not connected') });
    expect(await room.readAttempt(session, attempt.id)).toMatchObject(failedWith('authorization_denied'));
    expect(await readConnection()).toMatchObject({ error: { code: 'not_found' } });
  });

  it('is not blamed on the customer when the provider refuses the app, and the log says why', async () => {
    room.docs.tokens = 'client refused';
    const { session, attempt, page } = await goThrough();
    expect(await room.readAttempt(session, attempt.id)).toMatchObject(failedWith('integration_misconfigured'));
    expect(page.text).toContain('Docs cannot be connected now');
    expect(page.text).not.toMatch(/client/i);
    expect(room.log.join('\n')).toContain('"integration":"docs"');
  });

  it('is told when the provider fails', async () => {
    room.docs.tokens = 'failing';
    const { session, attempt } = await goThrough();
    const shown = await room.readAttempt(session, attempt.id);
    expect(shown).toMatchObject({ status: 'failed', error: { hint: expect.stringContaining('Try again') } });
    expect(shown.error?.code).toMatch(/^provider_/);
  });
});

describe('a browser that comes back', () => {
  async function visit(url: string, browser: Browser = createBrowser()) {
    const response = await browser.fetch(url);
    return { status: response.status, text: await response.text() };
  }

  it.each([
    ['without a state', '?code=abc'],
    ['with a state that nobody made', `?code=abc&state=${'x'.repeat(43)}`],
    ['with a state of another form', '?code=abc&state=%00%27%22'],
    ['with two states', `?state=${'x'.repeat(43)}&state=${'y'.repeat(43)}`],
    ['with nothing', ''],
  ])('%s gets a page that says what to do', async (_what, query) => {
    const page = await visit(`${room.url}/oauth/callback${query}`);
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('connect again') });
    expect(page.text).not.toContain('data-attempt');
  });

  it('is refused when it is not the one that was sent away, and the right one can still finish', async () => {
    const { session, attempt, browser } = await begin();
    const callback = await room.consent(attempt);
    const stranger = createBrowser();
    await room.startAttempt(session, { browser: stranger });
    expect(await visit(callback, stranger)).toMatchObject({
      status: 400,
      text: expect.stringContaining('another browser'),
    });
    expect(await room.readAttempt(session, attempt.id)).toMatchObject({ status: 'pending' });
    expect(await visit(callback, browser)).toMatchObject({ status: 200 });
  });

  it('is refused with the answer to another attempt', async () => {
    const one = await begin();
    const two = await room.startAttempt(one.session, { browser: one.browser });
    const mixed = new URL(await room.consent(one.attempt));
    mixed.searchParams.set('state', new URL(await room.consent(two.attempt)).searchParams.get('state') ?? '');
    expect((await visit(mixed.href, one.browser)).status).not.toBe(200);
    expect(await room.readAttempt(one.session, two.attempt.id)).toMatchObject({ status: 'failed', connected: null });
  });

  it('is told that it took too long, and so is whoever waits', async () => {
    const { session, attempt, browser } = await begin({ expiresInSeconds: 3_600 });
    const callback = await room.consent(attempt);
    room.room.pass(15 * 60_000 + 1);
    expect(await visit(callback, browser)).toMatchObject({ status: 410, text: expect.stringContaining('too long') });
    const shown = await room.readAttempt(session, attempt.id, 20_000);
    expect(shown).toMatchObject({ status: 'expired', url: null, error: { code: 'authorization_expired' } });
  });

  it('cannot make the page run or show anything that it brought', async () => {
    const { browser, attempt } = await begin();
    const callback = new URL(await room.consent(attempt));
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('error_description', '<script>alert(1)</script>');
    const { text } = await visit(callback.href, browser);
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script>');
  });
});

describe('connecting again', () => {
  const reconnect = () => ({ reconnect: { integration: 'docs', connection: endUser().id } });

  it('keeps the connection with its id, settings and metadata, gives it a new token and makes it active', async () => {
    const settings = { docs: { settings: {}, metadata: { plan: 'pro', seats: 3 } } };
    await goThrough({ defaults: settings });
    const { database } = room.room.context;
    const select = () =>
      database
        .selectFrom('connections')
        .select(['id', 'token_version', 'state', 'problem', 'metadata', 'token'])
        .where('name', '=', endUser().id)
        .executeTakeFirstOrThrow();
    const before = await select();
    await database
      .updateTable('syncs')
      .set({ waits_for: 'reconnect', next_run_at: null })
      .where('connection_id', '=', before.id)
      .execute();
    const problem = { class: 'revoked', code: 'provider_unauthorized', message: 'gone' };
    await database
      .updateTable('connections')
      .set({ state: 'auth_failed', problem: JSON.stringify(problem) })
      .where('id', '=', before.id)
      .execute();
    const { session, attempt } = await goThrough({
      ...reconnect(),
      defaults: { docs: { metadata: { plan: 'team' } } },
    });
    expect(await room.readAttempt(session, attempt.id)).toMatchObject({ status: 'succeeded' });
    const after = await select();
    expect(after).toMatchObject({
      id: before.id,
      state: 'active',
      problem: null,
      metadata: { plan: 'team', seats: 3 },
    });
    const sync = database
      .selectFrom('syncs')
      .select(['waits_for', 'next_run_at'])
      .where('connection_id', '=', before.id);
    expect(await sync.executeTakeFirstOrThrow()).toEqual({ waits_for: null, next_run_at: expect.any(Date) });
    expect(after.token_version).toBeGreaterThan(before.token_version);
    expect(after.token?.equals(before.token ?? Buffer.alloc(0))).toBe(false);
  });

  it('refuses another account and leaves the connection as it was', async () => {
    await goThrough();
    const before = await readConnection();
    room.docs.account = 'account-2';
    const { session, attempt, page } = await goThrough(reconnect());
    expect(page.status).toBe(409);
    expect(await room.readAttempt(session, attempt.id)).toMatchObject(failedWith('account_mismatch'));
    expect(await readConnection()).toEqual(before);
  });

  it('takes an account that was not known before', async () => {
    await goThrough();
    await room.room.context.database
      .updateTable('connections')
      .set({ config: '{"region":"us"}' })
      .where('name', '=', endUser().id)
      .execute();
    room.docs.account = 'account-9';
    expect(await goThrough(reconnect())).toMatchObject({ page: { status: 200 } });
    expect(await readConnection()).toMatchObject({ config: { region: 'us', accountId: 'account-9' } });
  });

  it('does not make a connection that was removed meanwhile', async () => {
    await goThrough();
    const { session, attempt, browser } = await begin(reconnect());
    await room.call('DELETE', `/v1/connections/docs/${endUser().id}`);
    await browser.fetch(await room.consent(attempt));
    expect(await room.readAttempt(session, attempt.id)).toMatchObject(failedWith('not_found'));
  });

  it('is in the audit log, by the session that did it', async () => {
    const { session } = await goThrough();
    const { body } = await room.call('GET', '/v1/audit-log?action=connection.connect&limit=1');
    expect((body as { items: unknown[] }).items).toMatchObject([
      {
        actor: { kind: 'connect_session', id: session.id, name: endUser().id },
        subject: `connection:docs/${endUser().id}`,
        address: '127.0.0.1',
      },
    ]);
  });

  it('tells the webhooks of both', async () => {
    const { database } = room.room.context;
    await database
      .insertInto('webhook_endpoints')
      .values({
        environment_id: room.room.environmentId,
        url: 'https://app.example.com/hook',
        events: [],
        description: null,
        secret: Buffer.alloc(1),
        previous_secret: null,
        previous_secret_expires_at: null,
      })
      .execute();
    await goThrough();
    await goThrough(reconnect());
    const events = await database.selectFrom('webhook_events').select(['type', 'data']).orderBy('id').execute();
    expect(events).toMatchObject([
      { type: 'connection.created', data: { integration: 'docs', connection: endUser().id, endUser: endUser() } },
      { type: 'connection.reconnected', data: { integration: 'docs', connection: endUser().id } },
    ]);
    await database.deleteFrom('webhook_endpoints').execute();
  });
});
