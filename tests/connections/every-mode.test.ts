import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { startIdentityProvider, type IdentityProvider } from '@tenon/test-identity';
import type {
  Connection,
  ConnectionTest,
  Page,
  Run,
  RunCapture,
  StoredRecord,
  TriggeredRun,
} from '@tenon/runtime/contract';
import type { ProviderInput } from '@tenon/runtime/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginConnecting, connectCustomer } from '../harness/connect-customer.ts';
import { findSecrets, readDump } from '../harness/database-dump.ts';
import { startLocalServer, type Incoming, type LocalServer, type Outgoing } from '../harness/local-server.ts';
import { startServerCluster, type ServerCluster } from '../harness/server-cluster.ts';
import type { TenonServer } from '../harness/start-tenon-server.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { answerSts, answerVerified, given, known, oauth1Callback } from './verifying-api.ts';

const config = { region: 'eu-central-1', roleArn: 'arn:aws:iam::1:role/demo', externalId: 'customer-1' };
const state = (url: string) => ({ state: new URL(url).searchParams.get('state') ?? '' });

interface Mode {
  /** Also the mode's name at the API. */
  readonly name: string;
  readonly auth: (api: string) => ProviderInput['auth'];
  readonly provider?: Partial<ProviderInput>;
  /** What a customer types; absent: the provider is visited. */
  readonly credentials?: Record<string, unknown>;
  /** What the provider sends the browser back with. */
  readonly consent?: (url: string) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  /** Whether there is a token, which can be had anew without the customer. */
  readonly renewable: boolean;
}

const secretField = { title: 'A secret', secret: true };

const modes: readonly Mode[] = [
  {
    name: 'oauth1',
    auth: (api) => ({
      mode: 'oauth1',
      requestTokenUrl: `${api}/oauth1/request`,
      authorizationUrl: `${api}/oauth1/authorize`,
      accessTokenUrl: `${api}/oauth1/access`,
    }),
    consent: (url) => ({
      ...Object.fromEntries(new URL(oauth1Callback).searchParams),
      oauth_token: new URL(url).searchParams.get('oauth_token') ?? '',
      oauth_verifier: 'verifier-1',
    }),
    renewable: false,
  },
  {
    name: 'app',
    auth: (api) => ({
      mode: 'app',
      installUrl: `${api}/app/install`,
      assertion: { algorithm: 'RS256', key: '${integration.privateKey}', claims: { iss: '${integration.appId}' } },
      tokenUrl: `${api}/app/installations/\${connection.installationId}/access_tokens`,
      answer: { accessToken: 'token', expiresIn: 'expires_at', expiryFormat: 'date' },
      capture: { installationId: { from: 'callback', path: 'installation_id', pattern: '\\d+' } },
      ownership: {
        tokenUrl: `${api}/app/login/oauth/access_token`,
        url: `${api}/app/user/installations`,
        ids: 'installations.*.id',
        equals: '${connection.installationId}',
      },
    }),
    provider: {
      integration: {
        appId: { title: 'App' },
        privateKey: secretField,
        clientId: { title: 'Client' },
        clientSecret: secretField,
      },
      headers: { authorization: 'Bearer ${credential.accessToken}' },
    },
    consent: (url) => ({ ...state(url), code: 'code-1', installation_id: '77', setup_action: 'install' }),
    renewable: true,
  },
  {
    name: 'exchange',
    auth: (api) => ({
      mode: 'token_exchange',
      fields: { user: { title: 'User' }, password: secretField },
      steps: [
        {
          url: `${api}/exchange/login`,
          body: { user: '${credential.user}', password: '${credential.password}' },
          capture: { session: { path: 'session.id' } },
        },
        {
          url: `${api}/exchange/token`,
          headers: { 'x-session': '${step.session}' },
          bodyFormat: 'none',
          capture: { token: { path: 'token' }, expires: { path: 'expires' } },
        },
      ],
      credential: { accessToken: '${step.token}' },
      expiry: { value: '${step.expires}', format: 'seconds' },
    }),
    provider: { headers: { authorization: 'Token ${credential.accessToken}' } },
    credentials: { mode: 'token_exchange', values: { user: 'ada', password: known.password } },
    renewable: true,
  },
  {
    name: 'assertion',
    auth: (api) => ({
      mode: 'oauth2_jwt_bearer',
      fields: { issuer: { title: 'Issuer' }, privateKey: secretField },
      tokenUrl: `${api}/assertion/token`,
      assertion: { algorithm: 'ES256', key: '${credential.privateKey}', claims: { iss: '${credential.issuer}' } },
      capture: { shard: { from: 'token', path: 'shard' } },
    }),
    provider: { headers: { authorization: 'Bearer ${credential.accessToken}', 'x-shard': '${connection.shard}' } },
    credentials: { mode: 'oauth2_jwt_bearer', values: { issuer: 'issuer-1', privateKey: known.jwtKey } },
    renewable: true,
  },
  {
    name: 'aws',
    auth: () => ({
      mode: 'aws_sigv4',
      service: 'execute-api',
      region: '${connection.region}',
      accessKeyId: '${integration.accessKeyId}',
      secretAccessKey: '${integration.secretAccessKey}',
      assumeRole: { roleArn: '${connection.roleArn}', externalId: '${connection.externalId}' },
    }),
    provider: {
      integration: { accessKeyId: { title: 'Key' }, secretAccessKey: secretField },
      connection: { region: { title: 'Region' }, roleArn: { title: 'Role' }, externalId: { title: 'External ID' } },
    },
    credentials: { mode: 'aws_sigv4' },
    renewable: true,
  },
  {
    name: 'jwt',
    auth: () => ({
      mode: 'jwt',
      fields: { issuer: { title: 'Issuer' }, privateKey: secretField },
      token: {
        algorithm: 'ES256',
        key: '${credential.privateKey}',
        claims: { iss: '${credential.issuer}', aud: 'items' },
      },
    }),
    credentials: { mode: 'jwt', values: { issuer: 'issuer-1', privateKey: known.jwtKey } },
    renewable: true,
  },
  {
    name: 'signature',
    auth: () => ({
      mode: 'signature',
      fields: { key: secretField },
      algorithm: 'hmac-sha256',
      key: '${credential.key}',
      message: '${request.method}\n${request.pathAndQuery}\n${request.timestamp}',
      headers: { 'x-time': '${request.timestamp}', 'x-signature': '${request.signature}' },
    }),
    credentials: { mode: 'signature', values: { key: known.signingKey } },
    renewable: false,
  },
  {
    name: 'mcp',
    auth: (api) => ({ mode: 'mcp_oauth', resourceUrl: `${api}/mcp` }),
    provider: { headers: { authorization: 'Bearer ${credential.accessToken}' } },
    consent: (url) => identity.consent(url),
    renewable: true,
  },
];

const syncItems = `import { defineSync, z } from '@tenon/runtime';
const Item = z.object({ id: z.string() });
export default defineSync({
  models: { Item },
  schedule: 'every 1h',
  async run(sync) {
    const { data } = await sync.get<{ id: string }[]>('/items');
    await sync.save('Item', data);
  },
});
`;

/** Fails after it met something, and repeats what it met. */
const syncFailing = `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Failed: z.object({ id: z.string() }) },
  async run(sync) {
    const { headers } = await sync.get('/items');
    throw new Error('it was sent ' + headers['x-seen']);
  },
});
`;

/** Whatever requests were authorised with. */
const carriedTokens = new Set<string>();

let api: LocalServer;
let sts: LocalServer;
let identity: IdentityProvider;
let cluster: ServerCluster;
let server: TenonServer;

/** An API that shows what it was sent to whoever asks for items. */
function echo({ path: asked, headers }: Incoming, answer: Outgoing): Outgoing {
  return asked.endsWith('/items')
    ? { ...answer, headers: { ...answer.headers, 'x-seen': JSON.stringify(headers) } }
    : answer;
}

/** The part of an MCP server that a client sees before it has a token, and an API that takes its tokens. */
async function answerMcp(requestPath: string, token: string | undefined): Promise<Outgoing> {
  const resource = `${api.url}/mcp`;
  if (requestPath === '/.well-known/oauth-protected-resource/mcp') {
    return { body: { resource, authorization_servers: [identity.issuer], scopes_supported: ['read'] } };
  }
  const found = token === undefined ? undefined : await identity.findAccessToken(token);
  if (found?.audience === resource) return { body: [{ id: 'mcp-1' }, { id: 'mcp-2' }] };
  const metadata = `${api.url}/.well-known/oauth-protected-resource/mcp`;
  return { status: 401, headers: { 'www-authenticate': `Bearer resource_metadata="${metadata}"` }, body: {} };
}

beforeAll(async () => {
  api = await startLocalServer(async (request) => {
    const bearer = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
    if (bearer !== undefined) carriedTokens.add(bearer);
    if (!/^\/(mcp|\.well-known)/.test(request.path)) return echo(request, await answerVerified(request, api.url));
    return echo(request, await answerMcp(request.path, bearer));
  });
  sts = await startLocalServer(answerSts);
  identity = await startIdentityProvider({
    registration: true,
    rotation: true,
    pkceRequired: true,
    resources: [`${api.url}/mcp`],
  });
  cluster = await startServerCluster(1, {
    TENON_VAR_OAUTH1_CLIENT_ID: known.consumer.key,
    TENON_VAR_OAUTH1_CLIENT_SECRET: known.consumer.secret,
    TENON_VAR_APP_APP_ID: known.app.id,
    TENON_VAR_APP_PRIVATE_KEY: known.app.key,
    TENON_VAR_APP_CLIENT_ID: 'Iv1.client',
    TENON_VAR_APP_CLIENT_SECRET: known.app.secret,
    TENON_VAR_AWS_ACCESS_KEY_ID: known.aws.accessKeyId,
    TENON_VAR_AWS_SECRET_ACCESS_KEY: known.aws.secretAccessKey,
    NODE_OPTIONS: `--require ${path.resolve(import.meta.dirname, '../harness/pretend-internet.cjs')}`,
    PRETEND_HOSTS: JSON.stringify({ 'sts.eu-central-1.amazonaws.com': [['52.94.0.1']] }),
    PRETEND_MACHINES: JSON.stringify({ '52.94.0.1': sts.port }),
  });
  const [only] = cluster.servers;
  if (!only) throw new Error('There is no server.');
  server = only;
  const config = Object.fromEntries(modes.map(({ name }) => [name, {}]));
  await cluster.deploy({
    providers: modes.map(({ name, auth, provider }) => ({
      name,
      displayName: name,
      docs: 'https://provider.example/docs',
      sources: ['https://provider.example/docs/auth'],
      auth: auth(api.url),
      baseUrl: `${api.url}/${name}`,
      verification: { path: '/items' },
      ...provider,
    })),
    config: `{ integrations: ${JSON.stringify(config)} }`,
    files: Object.fromEntries(
      modes.flatMap(({ name }) => [
        [`integrations/${name}/syncs/items.ts`, syncItems],
        [`integrations/${name}/syncs/failing.ts`, syncFailing],
      ]),
    ),
  });
}, 120_000);
afterAll(async () => {
  await cluster.stop();
  await identity.close();
  await sts.close();
  await api.close();
});

async function connect({ name, credentials, consent }: Mode): Promise<string> {
  if (consent) await connectCustomer(server, { integration: name, user: 'ada' }, async (url) => consent(url));
  else {
    const body = { integration: name, id: 'ada', credentials, ...(name === 'aws' && { config }) };
    const made = await server.call('POST', '/v1/connections', body);
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  }
  return `/v1/connections/${name}/ada`;
}

async function readRecords(connection: string): Promise<string[]> {
  const { body } = await server.call<Page<StoredRecord>>('GET', `${connection}/records/Item`);
  return (body.items ?? []).map(({ id }) => id).sort();
}

describe.each(modes)('an account of the mode $name', (mode) => {
  test('is connected, synced in a worker, tested and renewed', async () => {
    const connection = await connect(mode);
    const expected = [`${mode.name}-1`, `${mode.name}-2`];
    await waitUntil('its records are there', async () =>
      (await readRecords(connection)).length === 2 ? true : undefined,
    );
    expect(await readRecords(connection)).toEqual(expected);
    const refreshed = await server.call<Connection>('POST', `${connection}/refresh`);
    expect(refreshed.status, JSON.stringify(refreshed.body)).toBe(mode.renewable ? 200 : 409);
    const shown = await server.call<Connection>('GET', connection);
    expect(shown.body).toMatchObject({ state: 'active', problem: null });
    const tested = await server.call<ConnectionTest>('POST', `${connection}/test`);
    expect(tested.body).toMatchObject({ ok: true, verified: true, problem: null });
  });
});

test('a dump of the database and the log hold no secret of any of them', async () => {
  const webhook = await server.call<{ secret: string }>('POST', '/v1/webhooks/endpoints', {
    url: `${api.url}/hook`,
  });
  const wrong = `wrong-${randomBytes(12).toString('hex')}`;
  const refused = await server.call('POST', '/v1/connections', {
    integration: 'exchange',
    id: 'refused',
    credentials: { mode: 'token_exchange', values: { user: 'ada', password: wrong } },
  });
  expect(refused.status).toBe(424);
  // Two customers are at their providers now: verifier, request token and state are kept for them.
  const begun = await Promise.all(
    ['oauth1', 'mcp'].map((integration) => beginConnecting(server, { integration, user: 'bob' })),
  );
  const renewed = await Promise.all(
    ['mcp', 'app', 'jwt'].map((integration) => server.call('POST', `/v1/connections/${integration}/ada/refresh`)),
  );
  expect(renewed.map(({ status }) => status)).toEqual([200, 200, 200]);

  const secrets = new Set([
    ...listTexts({ ...given, consumer: known.consumer.secret, password: known.password, signing: known.signingKey }),
    known.app.secret,
    known.aws.secretAccessKey,
    wrong,
    server.apiKey,
    webhook.body.secret.replace('whsec_', ''),
    ...[known.app.key, known.jwtKey].flatMap((pem) => pem.split('\n').filter((line) => line.length > 32)),
    ...begun.flatMap(({ session, cookie }) => [session.token, cookie.split('=')[1] ?? '']),
    ...begun.map(
      ({ attempt }) => new URL(attempt.url ?? '').searchParams.get('state') ?? oauth1Callback.split('state=')[1] ?? '',
    ),
    ...carriedTokens,
  ]);
  expect(carriedTokens.size, 'tokens of the MCP server and JWTs').toBeGreaterThan(3);
  const captures = await Promise.all(modes.map(({ name }) => readCapture(name)));
  for (const { exchanges, error } of captures) {
    // The provider's echo is there, and so is the script's, without what must not be.
    expect(exchanges[0]?.response).toMatchObject({
      status: 200,
      headers: { 'x-seen': expect.stringContaining('host') },
    });
    expect(error?.message).toContain('it was sent {');
  }
  expect(findSecrets(Buffer.from(JSON.stringify(captures)), secrets), 'captures as they are read').toEqual([]);
  const dump = await readDump(cluster.pool);
  expect(findSecrets(dump, secrets)).toEqual([]);
  expect(findSecrets(Buffer.from(server.output()), secrets)).toEqual([]);

  const planted = JSON.stringify({ deep: [`x${Buffer.from(`xx${wrong}`).toString('base64')}`] });
  await cluster.pool.query('update connections set metadata = $1', [planted]);
  expect(findSecrets(await readDump(cluster.pool), secrets)).toEqual([wrong]);
});

/** What is kept of a run that fails. */
async function readCapture(mode: string): Promise<RunCapture> {
  const triggered = await server.call<TriggeredRun>('POST', `/v1/connections/${mode}/ada/syncs/failing/trigger`);
  const { id } = triggered.body.run;
  await waitUntil('the run has failed', async () => {
    const { body } = await server.call<Run>('GET', `/v1/runs/${id}`);
    return body.finishedAt === null ? undefined : body;
  });
  return (await server.call<RunCapture>('GET', `/v1/runs/${id}/capture`)).body;
}

function listTexts(object: object): string[] {
  return Object.values(object).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? listTexts(value) : [String(value)],
  );
}
