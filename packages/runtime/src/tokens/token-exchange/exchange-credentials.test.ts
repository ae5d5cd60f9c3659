import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderInput } from '../../provider/provider-schema.ts';
import type { AnswerRequest, LocalAnswer } from '../../testing/local-api.ts';
import { obtainToken } from '../obtain-token.ts';
import { localNowMs, startTokenContext, type StartedTokenContext } from '../testing/start-token-context.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const field = { title: 'A field' };
const secret = { ...field, secret: true };
const values = { user: 'ada', password: 'pass word&1' };

type ExchangeAuth = Extract<ProviderInput['auth'], { mode: 'token_exchange' }>;

/** The app signs in first, then the customer with what the app got. */
const twoSteps: ExchangeAuth = {
  mode: 'token_exchange',
  fields: { user: field, password: secret },
  steps: [
    {
      url: '${connection.base}/app/login?v=1',
      query: { region: '${connection.region}' },
      bodyFormat: 'form',
      body: { key: '${integration.appKey}' },
      capture: { ticket: { path: 'data.0.ticket' }, csrf: { from: 'header', path: 'X-CSRF-Token' } },
    },
    {
      method: 'PUT',
      url: '${connection.base}/sessions/${step.ticket}',
      headers: { 'x-csrf-token': '${step.csrf}', accept: 'application/vnd.acme+json' },
      body: { user: '${credential.user}', password: '${credential.password}' },
      capture: {
        token: { path: 'token' },
        ends: { path: 'ends' },
        session: { from: 'cookie', path: 'SID' },
      },
    },
  ],
  credential: { accessToken: '${step.token}', cookie: 'SID=${step.session}; user=${credential.user}' },
  expiry: { value: '${step.ends}', format: 'unix_seconds' },
};

const ticket: LocalAnswer = { body: { data: [{ ticket: 'tic/ket' }] }, headers: { 'x-csrf-token': 'csrf-1' } };
const session: LocalAnswer = {
  body: { token: 'the-token', ends: localNowMs / 1_000 + 60 },
  headers: { 'set-cookie': ['a=b; Expires=Wed, 21 Oct 2030 07:28:00 GMT; Path=/', 'SID=s=1; HttpOnly', 'SID2=no'] },
};

async function start(
  auth: ExchangeAuth,
  answer: AnswerRequest,
  provider: Partial<ProviderInput> = {},
): Promise<StartedTokenContext> {
  const started = await startTokenContext({
    auth,
    answer,
    provider: { integration: { appKey: { title: 'App key', secret: true } }, ...provider },
    integration: { appKey: 'app-key-1' },
    config: { region: 'eu west' },
  });
  open.push(started);
  return started;
}

const exchange = ({ context }: StartedTokenContext) =>
  obtainToken({ ...context, credentials: { mode: 'token_exchange', values } });

/** One step that gives a token, with changes. */
const oneStep = (
  step: Partial<ExchangeAuth['steps'][number]> = {},
  more: Partial<ExchangeAuth> = {},
): ExchangeAuth => ({
  mode: 'token_exchange',
  fields: { user: field, password: secret },
  steps: [
    {
      url: '${connection.base}/login',
      body: { password: '${credential.password}' },
      capture: { token: { path: 'token' } },
      ...step,
    },
  ],
  credential: { accessToken: '${step.token}' },
  ...more,
});

describe('exchangeCredentials', () => {
  it('goes step by step, each with what the others captured from body, header and cookie', async () => {
    const started = await start(twoSteps, (_request, index) => (index === 0 ? ticket : session));
    expect(await exchange(started)).toEqual({
      accessToken: 'the-token',
      expiresAtMs: localNowMs + 60_000,
      fields: { accessToken: 'the-token', cookie: 'SID=s=1; user=ada' },
    });
    expect(started.api.requests).toMatchObject([
      { method: 'POST', path: '/app/login?v=1&region=eu+west', body: 'key=app-key-1' },
      {
        method: 'PUT',
        path: '/sessions/tic%2Fket',
        body: JSON.stringify(values),
        headers: { 'x-csrf-token': 'csrf-1', accept: 'application/vnd.acme+json', 'content-type': 'application/json' },
      },
    ]);
  });

  it.each([
    ['a text as JSON', '"the-token"'],
    ['a text as it is', 'the-token'],
  ])('takes %s for the whole answer', async (_what, body) => {
    const started = await start(oneStep({ capture: { token: { path: '$' } } }), () => ({ body }));
    expect((await exchange(started)).accessToken).toBe('the-token');
  });

  const jwt = `e30.${Buffer.from(JSON.stringify({ exp: localNowMs / 1_000 + 90 })).toString('base64url')}.sig`;
  it.each([
    ["the provider's default", 'opaque', localNowMs + 900_000],
    ["the token's own exp", jwt, localNowMs + 90_000],
  ])('takes the expiry from %s', async (_from, token, expiresAtMs) => {
    const started = await start(oneStep({}, { defaultExpirySeconds: 900 }), () => ({ body: { token } }));
    expect(await exchange(started)).toMatchObject({ expiresAtMs });
  });

  it('sends no body with GET, nor where there is nothing to say', async () => {
    const get = oneStep({ method: 'GET', headers: { authorization: 'Key ${credential.password}' } });
    const started = await start({ ...get, steps: [...get.steps, { url: '${connection.base}/touch' }] }, () => ({
      body: { token: 't' },
    }));
    await exchange(started);
    expect(started.api.requests).toMatchObject([
      { method: 'GET', body: '', headers: { authorization: 'Key pass word&1' } },
      { method: 'POST', body: '' },
    ]);
    expect(started.api.requests.map(({ headers }) => headers['content-type'])).toEqual([undefined, undefined]);
  });

  const bodyError = { okPath: 'ok', messagePath: 'why', unauthorized: ['bad login'], rateLimited: ['too many'] };
  it.each<[string, LocalAnswer, string]>([
    ['a refusal', { status: 401, body: { echo: values.password } }, 'provider_unauthorized'],
    ['a refusal as a bad request', { status: 400 }, 'provider_unauthorized'],
    ['a locked account', { status: 403 }, 'provider_unauthorized'],
    ['a refusal in a 200', { body: { ok: false, why: 'bad login' } }, 'provider_unauthorized'],
    ['a rate limit in a 200', { body: { ok: false, why: 'too many' } }, 'provider_rate_limited'],
    ['another error in a 200', { body: { ok: false, why: 'x' } }, 'provider_error'],
    ['an address that is not there', { status: 404 }, 'provider_error'],
    ['a provider that is down', { status: 500 }, 'provider_error'],
    ['a rate limit', { status: 429, headers: { 'retry-after': '100' } }, 'provider_rate_limited'],
    ['an answer without a token', { body: { token: '', other: 'hidden-session' } }, 'provider_answer_invalid'],
    ['a page', { body: '<html>hidden-session' }, 'provider_answer_invalid'],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }, 'provider_answer_invalid'],
  ])('tells %s apart, without secrets', async (_what, answer, code) => {
    const started = await start(oneStep(), () => answer, { bodyError });
    const failure: unknown = await exchange(started).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    const shown = JSON.stringify([failure, String(failure)]);
    for (const hidden of [values.password, 'hidden-session', 'app-key-1']) expect(shown).not.toContain(hidden);
  });

  it("blames the app where only the app's values were sent, and names the step", async () => {
    const started = await start(twoSteps, () => ({ status: 401 }));
    await expect(exchange(started)).rejects.toMatchObject({
      code: 'integration_misconfigured',
      message: /step 1 of 2/,
    });
    const second = await start(twoSteps, (_request, index) => (index === 0 ? ticket : { status: 401, body: 'csrf-1' }));
    const failure: unknown = await exchange(second).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'provider_unauthorized', message: /step 2 of 2/ });
    expect(JSON.stringify(failure)).not.toContain('csrf-1');
  });

  it("blames the connection where nobody's secrets were sent, as its address is the customer's", async () => {
    const started = await start(oneStep({ body: {} }), () => ({ status: 403 }));
    await expect(exchange(started)).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('tries again after a failure that may pass', async () => {
    const started = await start(oneStep(), (_request, index) =>
      index < 2 ? { status: 503 } : { body: { token: 't' } },
    );
    expect((await exchange(started)).accessToken).toBe('t');
  });

  it('tells by all that was obtained whether it was renewed, where nothing is called a token', async () => {
    const auth = oneStep({}, { credential: { session: '${step.token}' } });
    const started = await start(auth, (_request, index) => ({ body: { token: `t${index}` } }));
    expect([(await exchange(started)).accessToken, (await exchange(started)).accessToken]).toEqual(['t0', 't1']);
  });
});
