import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectViewSchema, type Connection, type ConnectSession, type ErrorBody } from '@tenon/runtime/contract';
import { goodApiKey, goodClient } from '../../../credentials/testing/sample-provider-server.ts';
import { appOrigin, openConnectRoom, type ConnectRoom } from '../../testing/connect-room.ts';
import { devKey, otherKey, type Answer } from '../../testing/http-room.ts';

let room: ConnectRoom;

beforeAll(async () => {
  room = await openConnectRoom();
});
afterAll(() => room.close());

/** Calls with a session's token. */
function ask(
  session: Pick<ConnectSession, 'token'>,
  url: string,
  { payload, origin, address }: { payload?: unknown; origin?: string; address?: string } = {},
): Promise<Answer> {
  return room.call(payload === undefined ? 'GET' : 'POST', url, {
    headers: {
      authorization: `Bearer ${session.token}`,
      ...(origin !== undefined && { origin }),
      ...(address !== undefined && { 'x-forwarded-for': address }),
    },
    ...(payload !== undefined && { payload }),
  });
}

function errorOf(answer: Answer): ErrorBody['error'] {
  return (answer.body as ErrorBody).error;
}

function problemsOf(answer: Answer): string[] {
  const problems = (errorOf(answer).details?.['problems'] ?? []) as { path: string }[];
  return problems.map(({ path }) => path).toSorted();
}

async function readView(session: ConnectSession) {
  return connectViewSchema.parse((await ask(session, '/v1/connect/session')).body);
}

function readConnection(integration: string, name: string): Promise<Connection> {
  return room.call('GET', `/v1/connections/${integration}/${name}`).then(({ body }) => body as Connection);
}

const filled = {
  integration: 'tracker',
  values: { apiKey: goodApiKey },
  settings: { project: 'p1' },
};

describe('a connect session', () => {
  it('comes with a token of 256 bits and a link that keeps it from servers', async () => {
    const session = await room.createSession({ expiresInSeconds: 600 });
    expect(session.token).toMatch(/^tcs_[\w-]{43}$/);
    expect(session.url).toBe(`${room.url}/connect#session=${session.token}`);
    expect(Date.parse(session.expiresAt) - room.room.context.now()).toBeLessThanOrEqual(600_000);
  });

  it('shows every integration with what to ask for, and which cannot be connected now', async () => {
    const view = await readView(await room.createSession({ language: 'de', returnUrl: `${appOrigin}/done` }));
    expect(view).toMatchObject({
      endUser: { id: 'user1' },
      language: 'de',
      returnUrl: `${appOrigin}/done`,
      theme: { appName: 'Acme' },
      allowedOrigins: [room.url, appOrigin],
      reconnect: null,
    });
    const named = Object.fromEntries(view.integrations.map((one) => [one.name, one]));
    expect(Object.keys(named).toSorted()).toEqual(['crm', 'docs', 'docs-unset', 'tracker']);
    expect(named['tracker']).toMatchObject({
      flow: 'form',
      authMode: 'api_key',
      fields: [{ name: 'apiKey', group: 'credential', title: 'API key', secret: true }],
      settings: { properties: { project: { type: 'string' } }, required: ['project'] },
      unavailable: null,
    });
    expect(named['docs']).toMatchObject({
      flow: 'redirect',
      fields: [{ name: 'region', group: 'config', default: 'eu' }],
      settings: null,
      scopes: ['read', 'write'],
    });
    expect(named['docs-unset']?.unavailable).toContain('Docs cannot be connected now');
    expect(JSON.stringify(view)).not.toMatch(/DOCS_UNSET|app-1/);
  });

  it('does not ask for what the app gave', async () => {
    const session = await room.createSession({
      integrations: ['docs', 'tracker'],
      defaults: {
        docs: { config: { region: 'us' }, scopes: ['read'] },
        tracker: { settings: { project: 'p9' }, metadata: { plan: 'pro' } },
      },
      endUser: { id: 'given' },
    });
    const view = await readView(session);
    expect(
      view.integrations.map(({ name, fields, settings, scopes }) => ({
        name,
        fields: fields.length,
        settings,
        scopes,
      })),
    ).toEqual([
      { name: 'docs', fields: 0, settings: null, scopes: ['read'] },
      { name: 'tracker', fields: 1, settings: null, scopes: [] },
    ]);
    const sneaky = { integration: 'tracker', values: { apiKey: goodApiKey }, settings: { project: 'p1' } };
    expect(problemsOf(await ask(session, '/v1/connect/connections', { payload: sneaky }))).toEqual([
      'settings.project',
    ]);
    await ask(session, '/v1/connect/connections', { payload: { ...filled, settings: {} } });
    expect(await readConnection('tracker', 'given')).toMatchObject({
      settings: { project: 'p9' },
      metadata: { plan: 'pro' },
    });
  });

  it('is for the integrations that it names', async () => {
    const session = await room.createSession({ integrations: ['crm'] });
    expect((await readView(session)).integrations.map(({ name }) => name)).toEqual(['crm']);
    const refused = await ask(session, '/v1/connect/connections', { payload: filled });
    expect(errorOf(refused)).toMatchObject({ code: 'not_found' });
  });

  it('ends', async () => {
    const session = await room.createSession({ expiresInSeconds: 60 });
    room.room.pass(60_001);
    for (const url of ['/v1/connect/session', '/v1/connect/attempts/0190a3c4-0000-7000-8000-000000000000']) {
      expect(errorOf(await ask(session, url))).toMatchObject({ code: 'connect_session_invalid' });
    }
  });

  it.each([
    ['an integration that is not deployed', { integrations: ['nothing'] }, 'not_found'],
    ['defaults of one that is not deployed', { defaults: { nothing: {} } }, 'not_found'],
    ['a value that the provider does not know', { defaults: { docs: { config: { planet: 'x' } } } }, 'request_invalid'],
    ['a value of another form', { defaults: { docs: { config: { region: 'moon' } } } }, 'request_invalid'],
    ['an end user whose id is no name', { endUser: { id: 'a b/c' } }, 'request_invalid'],
    [
      'a connection to renew that is not there',
      { reconnect: { integration: 'crm', connection: 'nobody' } },
      'not_found',
    ],
    ['a way back to a stranger', { returnUrl: 'https://evil.example/x' }, 'origin_refused'],
    ['a way back that only looks allowed', { returnUrl: `${appOrigin}.evil.example/` }, 'origin_refused'],
    ['a way back that runs', { returnUrl: 'javascript:alert(1)' }, 'request_invalid'],
    ['a way back that is no page of the web', { returnUrl: `blob:${appOrigin}/x` }, 'request_invalid'],
    ['a life of a week', { expiresInSeconds: 604_800 }, 'request_invalid'],
  ])('is not made for %s', async (_what, request, code) => {
    const payload = { endUser: { id: 'user1' }, ...request };
    expect(errorOf(await room.call('POST', '/v1/connect/sessions', { payload }))).toMatchObject({ code });
  });

  it('goes by the name that the app gives where the id of the end user is none', async () => {
    const session = await room.createSession({ endUser: { id: 'a b/c' }, connection: 'abc' });
    const answer = await ask(session, '/v1/connect/connections', { payload: filled });
    expect(answer).toMatchObject({ status: 201, body: { integration: 'tracker', connection: 'abc' } });
  });
});

describe('the token of a session', () => {
  it('opens nothing else', async () => {
    const { token } = await room.createSession();
    const headers = { authorization: `Bearer ${token}` };
    for (const url of ['/v1/whoami', '/v1/connections', '/v1/integrations', '/v1/runs']) {
      expect(errorOf(await room.call('GET', url, { headers }))).toMatchObject({ code: 'unauthorized' });
    }
    const again = await room.call('POST', '/v1/connect/sessions', { headers, payload: { endUser: { id: 'x' } } });
    expect(errorOf(again)).toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    ['an API key', `Bearer ${devKey}`],
    ['nothing', ''],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['a token of nobody', `Bearer tcs_${'x'.repeat(43)}`],
  ])('is not replaced by %s', async (_what, authorization) => {
    const answer = await room.call('GET', '/v1/connect/session', { headers: { authorization } });
    expect(errorOf(answer)).toMatchObject({ code: 'connect_session_invalid' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('sees the attempts of its own session only', async () => {
    const mine = await room.createSession();
    const { attempt } = await room.startAttempt(mine);
    const other = await room.createSession();
    expect(errorOf(await ask(other, `/v1/connect/attempts/${attempt.id}`))).toMatchObject({ code: 'not_found' });
  });

  it('belongs to one environment', async () => {
    const headers = { authorization: `Bearer ${otherKey}` };
    const payload = { endUser: { id: 'user1' } };
    expect(errorOf(await room.call('POST', '/v1/connect/sessions', { headers, payload }))).toMatchObject({
      code: 'not_found',
    });
    const session = await room.createSession({ endUser: { id: 'dev-only' } });
    await ask(session, '/v1/connect/connections', { payload: filled });
    expect(await room.call('GET', '/v1/connections/tracker/dev-only', { headers })).toMatchObject({ status: 404 });
  });

  it('is asked for by an API key that may', async () => {
    await room.room.context.database
      .updateTable('api_keys')
      .set({ scopes: ['records:read'] })
      .where('environment_id', '=', room.room.environmentId)
      .execute();
    room.room.pass(11_000);
    const answer = await room.call('POST', '/v1/connect/sessions', { payload: { endUser: { id: 'user1' } } });
    expect(errorOf(answer)).toMatchObject({ code: 'forbidden' });
    await room.room.context.database
      .updateTable('api_keys')
      .set({ scopes: ['admin'] })
      .execute();
    room.room.pass(11_000);
  });
});

describe('a form', () => {
  it('connects, once the provider accepts what was filled in', async () => {
    const session = await room.createSession({ endUser: { id: 'form1', displayName: 'Uma' } });
    const answer = await ask(session, '/v1/connect/connections', { payload: filled });
    expect(answer).toMatchObject({ status: 201, body: { integration: 'tracker', connection: 'form1' } });
    expect(await readConnection('tracker', 'form1')).toMatchObject({
      authMode: 'api_key',
      state: 'active',
      endUser: { id: 'form1', displayName: 'Uma' },
      settings: { project: 'p1' },
    });
    expect((await readView(session)).connected).toEqual([{ integration: 'tracker', connection: 'form1' }]);
  });

  it('keeps the token that was obtained on the way', async () => {
    const session = await room.createSession({ endUser: { id: 'form2' } });
    const given = room.room.provider.tokensGiven();
    const payload = { integration: 'crm', values: goodClient };
    expect(await ask(session, '/v1/connect/connections', { payload })).toMatchObject({ status: 201 });
    expect(room.room.provider.tokensGiven()).toBe(given + 1);
    expect(await readConnection('crm', 'form2')).toMatchObject({ tokenExpiresAt: expect.any(String) });
  });

  it('renews the connection of that name', async () => {
    const session = await room.createSession({ endUser: { id: 'form1' } });
    const { createdAt } = await readConnection('tracker', 'form1');
    const payload = { integration: 'tracker', values: { apiKey: goodApiKey } };
    expect(await ask(session, '/v1/connect/connections', { payload })).toMatchObject({ status: 201 });
    expect(await readConnection('tracker', 'form1')).toMatchObject({ createdAt, settings: { project: 'p1' } });
  });

  it('names every field that is wrong, and quotes none', async () => {
    const session = await room.createSession();
    const payload = {
      integration: 'tracker',
      values: { apiKey: '', secretWord: 'hush-hush' },
      config: { subdomain: 'acme-secret' },
      settings: { colour: 'red' },
    };
    const answer = await ask(session, '/v1/connect/connections', { payload });
    expect(errorOf(answer)).toMatchObject({ code: 'credentials_invalid' });
    expect(problemsOf(answer)).toEqual([
      'config.subdomain',
      'settings.colour',
      'settings.project',
      'values.apiKey',
      'values.secretWord',
    ]);
    expect(answer.text).not.toMatch(/hush-hush|acme-secret|"red"/);
  });

  it('stores nothing that the provider refuses', async () => {
    const session = await room.createSession({ endUser: { id: 'refused' } });
    const payload = { ...filled, values: { apiKey: 'bad-key-0000' } };
    const answer = await ask(session, '/v1/connect/connections', { payload });
    expect(errorOf(answer)).toMatchObject({ code: 'provider_unauthorized', hint: expect.stringContaining('Tracker') });
    expect(answer.text).not.toContain('bad-key');
    expect(await room.call('GET', '/v1/connections/tracker/refused')).toMatchObject({ status: 404 });
  });

  it.each([
    ['a form for what is connected by signing in', '/v1/connect/connections', 'docs'],
    ['a redirect for what is connected with a form', '/v1/connect/attempts', 'tracker'],
  ])('is told apart from a redirect: %s', async (_what, url, integration) => {
    const session = await room.createSession();
    expect(errorOf(await ask(session, url, { payload: { integration } }))).toMatchObject({ code: 'request_invalid' });
  });

  it('says nothing of what the developer forgot', async () => {
    const session = await room.createSession();
    const answer = await ask(session, '/v1/connect/attempts', { payload: { integration: 'docs-unset' } });
    expect(errorOf(answer)).toMatchObject({ code: 'integration_misconfigured', hint: expect.stringContaining('Tell') });
    expect(answer.text).not.toMatch(/DOCS|tenon env/);
    expect(room.log.join('\n')).toContain('DOCS_UNSET_CLIENT_ID');
  });
});

describe('pages of other origins', () => {
  it.each([
    ['of the app', appOrigin, 200],
    ['of a stranger', 'https://evil.example', 403],
    ['without an origin', 'null', 403],
  ])('%s are answered as they may be', async (_what, origin, status) => {
    const session = await room.createSession();
    const answer = await ask(session, '/v1/connect/session', { origin });
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe(status === 200 ? origin : undefined);
  });

  it('are refused before anything is changed', async () => {
    const session = await room.createSession({ endUser: { id: 'foreign' } });
    const answer = await ask(session, '/v1/connect/connections', { payload: filled, origin: 'https://evil.example' });
    expect(errorOf(answer)).toMatchObject({ code: 'origin_refused' });
    expect(await room.call('GET', '/v1/connections/tracker/foreign')).toMatchObject({ status: 404 });
  });

  it('are told before they send a token whether they may', async () => {
    const preflight = (url: string, origin: string) =>
      room.call('OPTIONS', url, {
        headers: { origin, 'access-control-request-method': 'POST', authorization: '' },
      });
    const allowed = await preflight('/v1/connect/attempts', appOrigin);
    expect(allowed).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': appOrigin } });
    expect(allowed.headers['access-control-allow-headers']).toContain('authorization');
    const stranger = await preflight('/v1/connect/attempts', 'https://evil.example');
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
    const elsewhere = await preflight('/v1/connections', appOrigin);
    expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('read nothing of the rest of the API', async () => {
    const answer = await room.call('GET', '/v1/whoami', { headers: { origin: appOrigin } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('floods', () => {
  it('of questions before requests are stopped, before the database is asked for each', async () => {
    const preflight = () =>
      room.call('OPTIONS', '/v1/connect/session', { headers: { origin: appOrigin, authorization: '' } });
    // Ten of them come back in a second.
    const answers = await Promise.all(Array.from({ length: 1_000 }, preflight));
    expect(answers[0]).toMatchObject({ status: 204 });
    const refused = answers.find(({ status }) => status !== 204);
    expect(refused && errorOf(refused)).toMatchObject({ code: 'rate_limited' });
  });

  it('of keys that are tried with one session are stopped, and other sessions go on', async () => {
    const session = await room.createSession({ integrations: ['tracker'] });
    const payload = { integration: 'tracker', values: { wrong: 'x' } };
    const answers: Answer[] = [];
    for (let count = 0; count < 31; count++) answers.push(await ask(session, '/v1/connect/connections', { payload }));
    expect(new Set(answers.slice(0, 30).map(({ status }) => status))).toEqual(new Set([400]));
    const last = answers.at(-1);
    expect(last && errorOf(last)).toMatchObject({ code: 'rate_limited' });
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
    const other = await room.createSession();
    expect(await ask(other, '/v1/connect/connections', { payload })).toMatchObject({ status: 400 });
  });
});
