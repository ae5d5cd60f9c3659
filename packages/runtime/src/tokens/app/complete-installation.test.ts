import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderInput } from '../../provider/provider-schema.ts';
import type { AnswerRequest, LocalAnswer } from '../../testing/local-api.ts';
import { localNowMs, startTokenContext, type StartedTokenContext } from '../testing/start-token-context.ts';
import { beginAuthorization } from '../begin-authorization.ts';
import { completeAuthorization } from '../complete-authorization.ts';
import { obtainAccount } from '../obtain-account.ts';
import { renewToken } from '../renew-token.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const integration = {
  appId: '4711',
  privateKey: String(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' })),
  clientId: 'Iv1.client',
  clientSecret: 'client-secret-1',
};
const secretField = { title: 'A secret', secret: true };

/** As GitHub has it. */
const auth = {
  mode: 'app',
  installUrl: '${connection.base}/apps/tenon/installations/new',
  assertion: {
    algorithm: 'RS256',
    key: '${integration.privateKey}',
    claims: { iss: '${integration.appId}' },
    lifetimeSeconds: 600,
    issuedSecondsAgo: 60,
  },
  tokenUrl: '${connection.base}/app/installations/${connection.installationId}/access_tokens',
  answer: { accessToken: 'token', expiresIn: 'expires_at', expiryFormat: 'date' },
  capture: {
    installationId: { from: 'callback', path: 'installation_id', pattern: '\\d+' },
    selection: { from: 'token', path: 'repository_selection', optional: true },
    login: {
      from: 'request',
      url: '${connection.base}/installation/${connection.installationId}',
      path: 'account.login',
    },
  },
  ownership: {
    tokenUrl: '${connection.base}/login/oauth/access_token',
    url: '${connection.base}/user/installations?per_page=2',
    ids: 'installations.*.id',
    equals: '${connection.installationId}',
  },
} as const satisfies ProviderInput['auth'];

const ids = (...numbers: number[]) => ({ total_count: 3, installations: numbers.map((id) => ({ id })) });

function answerAsGithub(base: () => string, changes: Partial<Record<string, LocalAnswer>>): AnswerRequest {
  return async ({ path, headers }) => {
    const [place = ''] = path.split('?');
    const change = changes[place];
    if (change) return change;
    switch (place) {
      case '/login/oauth/access_token':
        return {
          body: 'access_token=user-token-1&token_type=bearer',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        };
      case '/user/installations': {
        if (headers.authorization !== 'Bearer user-token-1') return { status: 401 };
        const next = `<${base()}/user/installations?per_page=2&page=2>; rel="next"`;
        return path.endsWith('&page=2') ? { body: ids(77) } : { body: ids(1, 2), headers: { link: next } };
      }
      case '/app/installations/77/access_tokens': {
        const assertion = headers.authorization?.slice('Bearer '.length) ?? '';
        const { payload } = await jwtVerify(assertion, rsa.publicKey, { currentDate: new Date(localNowMs) });
        if (payload.iss !== '4711' || payload.iat !== localNowMs / 1_000 - 60) return { status: 401 };
        return {
          status: 201,
          body: { token: 'ghs_token', expires_at: '2030-01-01T01:00:00Z', repository_selection: 'all' },
        };
      }
      default:
        if (headers.authorization !== 'Bearer ghs_token') return { status: 401 };
        return { body: { account: { login: 'acme' } } };
    }
  };
}

async function start(
  changes: { answers?: Partial<Record<string, LocalAnswer>>; integration?: Record<string, string>; auth?: object } = {},
): Promise<StartedTokenContext> {
  const started: StartedTokenContext = await startTokenContext({
    auth: { ...auth, ...changes.auth } as ProviderInput['auth'],
    provider: {
      integration: {
        appId: { title: 'App' },
        privateKey: secretField,
        clientId: { title: 'C' },
        clientSecret: secretField,
      },
    },
    answer: answerAsGithub(() => started.api.url, changes.answers ?? {}),
    integration: { ...integration, ...changes.integration },
  });
  open.push(started);
  return started;
}

function complete({ context }: StartedTokenContext, callback: Record<string, string> = {}) {
  return completeAuthorization({
    ...context,
    redirectUri: 'https://tenon.example/callback',
    state: 'state-1',
    pending: {},
    callback: { state: 'state-1', code: 'code-1', installation_id: '77', setup_action: 'install', ...callback },
  });
}

describe('an installation of an app', () => {
  it('begins at the address of the app, with the state', async () => {
    const started = await start();
    const { url, pending } = await beginAuthorization({
      ...started.context,
      redirectUri: 'https://x.example',
      state: 'a b',
    });
    expect(url).toBe(`${started.api.url}/apps/tenon/installations/new?state=a+b`);
    expect(pending).toEqual({});
  });

  it('is found on the second page of those of the user, and gives a token', async () => {
    const started = await start();
    expect(await complete(started)).toEqual({
      token: { accessToken: 'ghs_token', expiresAtMs: localNowMs + 3_600_000 },
      captured: { installationId: '77', selection: 'all', login: 'acme' },
    });
    const [signIn] = started.api.requests;
    expect(Object.fromEntries(new URLSearchParams(signIn?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'code-1',
      client_id: 'Iv1.client',
      client_secret: 'client-secret-1',
    });
  });

  it('of somebody else is refused before a token is made for it', async () => {
    const started = await start();
    await expect(complete(started, { installation_id: '78' })).rejects.toMatchObject({ code: 'authorization_invalid' });
    expect(started.api.requests.map(({ path }) => path)).not.toContain('/app/installations/78/access_tokens');
  });

  it.each([
    ['another state', { state: 'forged' }, 'authorization_invalid'],
    ['an installation that is no number', { installation_id: '77/../1' }, 'authorization_invalid'],
    ['no code', { code: '' }, 'authorization_invalid'],
    ['a refusal', { error: 'access_denied' }, 'authorization_denied'],
  ])('asks nothing of the provider when the browser comes back with %s', async (_what, callback, code) => {
    const started = await start();
    await expect(complete(started, callback)).rejects.toMatchObject({ code });
    expect(started.api.requests).toEqual([]);
  });

  it('sends the token of the user to no other origin', async () => {
    const elsewhere = { link: '<http://127.0.0.1:9/user/installations>; rel="next"' };
    const started = await start({ answers: { '/user/installations': { body: ids(1), headers: elsewhere } } });
    await expect(complete(started)).rejects.toMatchObject({ code: 'authorization_invalid' });
  });

  it.each<[string, Partial<Record<string, LocalAnswer>>, string]>([
    ['a refused app', { '/app/installations/77/access_tokens': { status: 401 } }, 'integration_misconfigured'],
    ['an app that was removed', { '/app/installations/77/access_tokens': { status: 404 } }, 'provider_unauthorized'],
    ['an app that is suspended', { '/app/installations/77/access_tokens': { status: 403 } }, 'provider_unauthorized'],
    ['a provider that is down', { '/app/installations/77/access_tokens': { status: 502 } }, 'provider_error'],
    [
      'a page instead of a token',
      { '/app/installations/77/access_tokens': { body: '<html>' } },
      'provider_answer_invalid',
    ],
    [
      'a code that was used',
      { '/login/oauth/access_token': { body: { error: 'bad_verification_code' } } },
      'provider_unauthorized',
    ],
    [
      'a refused client',
      { '/login/oauth/access_token': { body: { error: 'incorrect_client_credentials' } } },
      'integration_misconfigured',
    ],
    ['a list that is not given', { '/user/installations': { status: 403 } }, 'provider_error'],
  ])('tells %s apart', async (_what, answers, code) => {
    const started = await start({ answers });
    const failure: unknown = await complete(started).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    const shown = JSON.stringify([failure, String(failure)]);
    for (const secret of ['client-secret-1', 'user-token-1', 'code-1', 'BEGIN RSA'])
      expect(shown).not.toContain(secret);
  });

  it('refuses a key that is none as what the developer has to correct', async () => {
    const started = await start({ integration: { privateKey: 'hunter2' }, auth: { ownership: undefined } });
    await expect(complete(started)).rejects.toMatchObject({ code: 'integration_misconfigured' });
  });

  it('makes the next tokens with what the connection knows', async () => {
    const started = await start({ auth: { tokenParameters: { app: '${integration.appId}' } } });
    const config = { ...started.context.config, installationId: '77' };
    const request = { ...started.context, config, credentials: { mode: 'app' } } as const;
    const { token, captured } = await obtainAccount(request);
    expect(captured).toEqual({ selection: 'all', login: 'acme' });
    expect((await renewToken({ ...request, token })).accessToken).toBe('ghs_token');
    expect(started.api.requests.filter(({ method }) => method === 'POST')).toMatchObject([
      {},
      { method: 'POST', body: '{"app":"4711"}', headers: { 'content-type': 'application/json' } },
    ]);
  });
});
