import { createHmac } from 'node:crypto';
import { sign as signWithAws4 } from 'aws4';
import OAuth from 'oauth-1.0a';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActiveCredential } from '../provider/credential.ts';
import type { ProviderInput } from '../provider/provider-schema.ts';
import { startLocalApi, type LocalRequest } from '../testing/local-api.ts';
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../testing/local-provider.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Signing {
  auth: ProviderInput['auth'];
  credential: ActiveCredential;
}

async function start({ auth, credential }: Signing, options: LocalProviderOptions): Promise<LocalProvider> {
  const local = await startLocalProvider({
    answer: options.answer,
    provider: { auth, headers: {}, ...options.provider },
    client: {
      credential: () => credential,
      integration: { clientId: 'consumer', clientSecret: 'consumer-secret' },
      ...options.client,
    },
  });
  open.push(local);
  return local;
}

const oauth1: Signing = {
  auth: {
    mode: 'oauth1',
    authorizationUrl: 'https://unused.example',
    signatureMethod: 'HMAC-SHA256',
    realm: '${integration.clientId}',
  },
  credential: { mode: 'oauth1', fields: { token: 'token-1', tokenSecret: 'token-secret' } },
};

const aws: Signing = {
  auth: {
    mode: 'aws_sigv4',
    fields: { accessKeyId: { title: 'Key' }, secretAccessKey: { title: 'Secret' } },
    service: 'execute-api',
    region: 'eu-west-1',
  },
  credential: { mode: 'aws_sigv4', fields: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-access-key' } },
};

const custom: Signing = {
  auth: {
    mode: 'signature',
    fields: { key: { title: 'Key', secret: true } },
    algorithm: 'hmac-sha256',
    key: '${credential.key}',
    message: '${request.method} ${request.pathAndQuery} ${request.body}',
    query: { nonce: '${request.nonce}', signature: '${request.signature}' },
  },
  credential: { mode: 'signature', fields: { key: 'shared-key' } },
};

const ok = { body: { ok: true } };

/** The signature that oauth-1.0a makes of what came in, with the parameters of its header. */
function verifyOauth1(origin: string, { method, path, headers, body }: LocalRequest): void {
  const written = Object.fromEntries(
    [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      decodeURIComponent(value ?? ''),
    ]),
  );
  const { oauth_signature: signature, realm, ...protocol } = written;
  const independent = new OAuth({
    consumer: { key: 'consumer', secret: 'consumer-secret' },
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  });
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const data = isForm ? Object.fromEntries(new URLSearchParams(body)) : {};
  const expected = independent.getSignature(
    { url: origin + path, method, data },
    'token-secret',
    protocol as unknown as OAuth.Data,
  );
  expect(signature).toBe(expected);
  expect(protocol).toMatchObject({ oauth_consumer_key: 'consumer', oauth_token: 'token-1' });
  expect(realm).toBe('consumer');
}

function verifyAws(origin: string, { method, path, headers, body }: LocalRequest): void {
  const signedHeaders = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  expect(signedHeaders).toEqual(expect.arrayContaining(['host', 'x-amz-date']));
  const given = {
    service: 'execute-api',
    region: 'eu-west-1',
    method,
    path,
    body,
    headers: Object.fromEntries(signedHeaders.map((name) => [name, String(headers[name])])),
    // aws4 would add these where they are missing; its types do not know the option.
    extraHeadersToIgnore: { 'content-length': true, 'content-type': !signedHeaders.includes('content-type') },
  };
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-access-key' };
  const { headers: expected } = signWithAws4(given, keys);
  expect(headers.host).toBe(new URL(origin).host);
  expect(headers.authorization).toBe(expected?.['Authorization']);
}

function verifyCustom(_origin: string, { method, path, body }: LocalRequest): void {
  const [covered = '', signature] = path.split('&signature=');
  expect(covered).toMatch(/[?&]nonce=[\da-f]{32}$/);
  expect(signature).toBe(createHmac('sha256', 'shared-key').update(`${method} ${covered} ${body}`).digest('hex'));
}

describe.each([
  ['oauth1', oauth1, verifyOauth1],
  ['aws_sigv4', aws, verifyAws],
  ['signature', custom, verifyCustom],
])('requests of the mode %s', (_mode, signing, verify) => {
  it('carry a signature that holds for what came over the wire', async () => {
    const { client, api } = await start(signing, { answer: () => ok });
    await client.get('/a b/ü', { params: { q: "c+d &'(!*)", list: [1, 2], x: '' } });
    await client.post('/json', { ä: 1 });
    await client.post('/form', new URLSearchParams({ name: 'a b+c', other: 'ü' }));
    await client.put('/bytes', Uint8Array.from([1, 2, 3]));
    expect(api.requests).toHaveLength(4);
    for (const request of api.requests) verify(api.url, request);
  });

  it('are signed anew for each attempt and each redirect within the origin', async () => {
    const { client, api } = await start(signing, {
      answer: ({ path }, index) => {
        if (index === 0) return { status: 503, headers: { 'retry-after': '1' } };
        return index === 1 ? { status: 307, headers: { location: `${path.replace('/old', '/new')}` } } : ok;
      },
    });
    await client.post('/old', { a: 1 }, { retry: true });
    expect(api.requests).toHaveLength(3);
    for (const request of api.requests) verify(api.url, request);
    const marks = api.requests.map(({ headers, path }) => `${headers.authorization} ${path}`);
    expect(new Set(marks).size).toBe(3);
  });

  it('go to another origin without a signature, and come back without one', async () => {
    const elsewhere = await startLocalApi(({ path }) =>
      path.startsWith('/file') ? { status: 302, headers: { location: `${home.api.url}/again` } } : ok,
    );
    open.push(elsewhere);
    const home = await start(signing, {
      answer: ({ path }) =>
        path.startsWith('/again') ? ok : { status: 302, headers: { location: `${elsewhere.url}/file` } },
    });
    await home.client.get('/download');
    for (const request of [elsewhere.requests[0], home.api.requests[1]]) {
      expect(request).toBeDefined();
      expect(JSON.stringify(request)).not.toMatch(/authorization|x-amz|nonce|signature/);
    }
  });

  it('show neither keys nor signatures when they fail', async () => {
    const echo = ({ headers, path }: LocalRequest) => ({ status: 418, body: `${path} ${headers.authorization}` });
    const { client, api, log } = await start(signing, { answer: echo });
    const error: unknown = await client.get('/x').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'provider_error' });
    const [request] = api.requests;
    const signature = /[sS]ignature="?([^",&]+)/.exec(`${request?.path} ${request?.headers.authorization}`)?.[1] ?? '';
    expect(signature.length).toBeGreaterThan(20);
    const shown = JSON.stringify([error, String(error), log]);
    for (const secret of [
      signature,
      decodeURIComponent(signature),
      'token-secret',
      'secret-access-key',
      'shared-key',
    ]) {
      expect(shown).not.toContain(secret);
    }
  });
});

it('a script that authorises a request itself is left to it', async () => {
  const { client, api } = await start(oauth1, { answer: () => ok });
  await client.get('/', { headers: { Authorization: 'Custom 1' } });
  expect(api.requests[0]?.headers.authorization).toBe('Custom 1');
});

it('keys of an assumed role sign with their session token, and are renewed when their time is over', async () => {
  const assumed = (name: string, expiresAtMs: number): ActiveCredential => ({
    mode: 'aws_sigv4',
    fields: { accessKeyId: `AKID-${name}`, secretAccessKey: 'secret-access-key', sessionToken: `session-${name}` },
    expiresAtMs,
  });
  let credential = assumed('old', Date.now() - 1);
  let renewals = 0;
  const auth = {
    ...aws.auth,
    accessKeyId: '${integration.clientId}',
    secretAccessKey: '${integration.clientSecret}',
    assumeRole: { roleArn: 'arn:aws:iam::1:role/x' },
  } as ProviderInput['auth'];
  const { client, api } = await start(
    { auth, credential },
    {
      answer: () => ok,
      client: {
        credential: () => credential,
        renewCredential: async () => {
          renewals += 1;
          credential = assumed('new', Date.now() + 3_600_000);
          return credential;
        },
      },
    },
  );
  await Promise.all([client.get('/1'), client.get('/2')]);
  await client.get('/3');
  expect(renewals).toBe(1);
  for (const { headers } of api.requests) {
    expect(headers['x-amz-security-token']).toBe('session-new');
    expect(headers.authorization).toMatch(/Credential=AKID-new\/.*x-amz-security-token/);
  }
});

describe('a token', () => {
  const field = { title: 'Key' };
  const signed = { algorithm: 'HS256', key: '${credential.key}' } as const;
  const modes = [
    { mode: 'oauth2', authorizationUrl: 'https://a.example', tokenUrl: 'https://a.example' },
    { mode: 'oauth2_jwt_bearer', tokenUrl: 'https://a.example', assertion: signed },
    { mode: 'mcp_oauth', resourceUrl: 'https://a.example' },
    { mode: 'app', installUrl: 'https://a.example', assertion: signed, tokenUrl: 'https://a.example' },
    { mode: 'jwt', fields: { key: field }, token: signed },
    {
      mode: 'token_exchange',
      fields: { key: field },
      steps: [{ url: 'https://a.example' }],
      credential: { accessToken: '${step.token}' },
    },
  ] as const satisfies ProviderInput['auth'][];

  it.each(modes)('of the mode $mode goes as Bearer', async (auth) => {
    const credential: ActiveCredential = { mode: auth.mode, fields: { accessToken: 'the-token' } };
    const { client, api } = await start({ auth, credential }, { answer: () => ok });
    await client.get('/');
    expect(api.requests[0]?.headers.authorization).toBe('Bearer the-token');
  });

  it.each([
    ['headers', { headers: { 'x-token': '${credential.accessToken}' } }, { 'x-token': 'the-token' }, '/'],
    ['query', { query: { token: '${ credential.accessToken }' } }, {}, '/?token=the-token'],
    [
      'authorization',
      { headers: { authorization: 'Token ${credential.accessToken}' } },
      { authorization: 'Token the-token' },
      '/',
    ],
  ])('goes where the %s of the provider put it, and nowhere else', async (_place, provider, headers, path) => {
    const credential: ActiveCredential = { mode: 'jwt', fields: { accessToken: 'the-token' } };
    const { client, api } = await start({ auth: modes[4], credential }, { answer: () => ok, provider });
    await client.get('/');
    expect(api.requests[0]).toMatchObject({ path, headers });
    if (!('authorization' in headers)) expect(api.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('of an exchange that declares other fields is not sent by itself', async () => {
    const auth: ProviderInput['auth'] = { ...modes[5], credential: { session: '${step.token}' } };
    const credential: ActiveCredential = {
      mode: 'token_exchange',
      fields: { accessToken: 'x', session: 'the-session' },
    };
    const provider = { headers: { cookie: 'sid=${credential.session}' } };
    const { client, api } = await start({ auth, credential }, { answer: () => ok, provider });
    await client.get('/');
    expect(api.requests[0]?.headers).toMatchObject({ cookie: 'sid=the-session' });
    expect(api.requests[0]?.headers.authorization).toBeUndefined();
  });
});
