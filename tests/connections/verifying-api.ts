import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { sign as signWithAws4 } from 'aws4';
import { jwtVerify } from 'jose';
import OAuth from 'oauth-1.0a';
import type { Incoming, Outgoing } from '../harness/local-server.ts';

const secret = (name: string): string => `${name}-${randomBytes(12).toString('hex')}`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = { type: 'pkcs8', format: 'pem' } as const;

/** What the customers and the developer of these tests know. */
export const known = {
  consumer: { key: 'consumer-1', secret: secret('consumer') },
  app: { id: '4711', key: String(rsa.privateKey.export(pem)), secret: secret('app') },
  aws: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret('aws') },
  jwtKey: String(ec.privateKey.export(pem)),
  signingKey: secret('signing'),
  password: secret('password'),
};

/** What the API gives in exchange. */
export const given = {
  oauth1Token: { key: secret('token'), secret: secret('token-secret') },
  requestToken: { key: secret('request'), secret: secret('request-secret') },
  appToken: secret('installation'),
  userToken: secret('user'),
  session: secret('session'),
  exchanged: secret('exchanged'),
  role: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: secret('role'), sessionToken: secret('role-session') },
};

/** Where the customer who consents to the OAuth 1.0a app is sent back to. */
export let oauth1Callback = '';

const refusal: Outgoing = { status: 401, body: { error: 'refused' } };
const items = (mode: string): Outgoing => ({ body: [{ id: `${mode}-1` }, { id: `${mode}-2` }] });
const onlyFor = (header: string, { headers }: Incoming, mode: string): Outgoing =>
  headers['authorization'] === header ? items(mode) : refusal;

/** Verifies each mode by an implementation that is not Tenon's: oauth-1.0a, aws4, jose, node:crypto. */
export async function answerVerified(request: Incoming, origin: string): Promise<Outgoing> {
  const [, room] = request.path.split('/');
  switch (room) {
    case 'oauth1':
      return answerOauth1(request, origin);
    case 'app':
      return answerApp(request);
    case 'exchange':
      return answerExchange(request);
    case 'assertion':
      return answerAssertion(request);
    case 'aws':
      return holdsForAws(request, { service: 'execute-api', ...given.role }) ? items('aws') : refusal;
    case 'jwt': {
      const token = request.headers['authorization']?.replace('Bearer ', '') ?? '';
      const { payload } = await jwtVerify(token, ec.publicKey, { audience: 'items' });
      return payload.iss === 'issuer-1' ? items('jwt') : refusal;
    }
    case 'signature': {
      const message = `${request.method}\n${request.path}\n${request.headers['x-time'] ?? ''}`;
      const expected = createHmac('sha256', known.signingKey).update(message).digest('hex');
      return request.headers['x-signature'] === expected ? items('signature') : refusal;
    }
    default:
      return { status: 404, body: {} };
  }
}

function answerOauth1(request: Incoming, origin: string): Outgoing {
  const header = Object.fromEntries(
    [...(request.headers['authorization'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value),
    ]),
  );
  const { oauth_signature: signature, ...protocol } = header;
  const independent = new OAuth({
    consumer: known.consumer,
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  });
  const tokens = [given.requestToken, given.oauth1Token];
  const token = tokens.find(({ key }) => key === protocol['oauth_token']);
  const call = { url: origin + request.path, method: request.method, data: {} };
  const expected = independent.getSignature(call, token?.secret ?? '', protocol as unknown as OAuth.Data);
  if (signature !== expected) return refusal;
  const tell = ({ key, secret: hidden }: { key: string; secret: string }): string =>
    new URLSearchParams({ oauth_token: key, oauth_token_secret: hidden, oauth_callback_confirmed: 'true' }).toString();
  if (request.path === '/oauth1/request') {
    oauth1Callback = protocol['oauth_callback'] ?? '';
    return { body: tell(given.requestToken) };
  }
  if (request.path === '/oauth1/access') {
    return token === given.requestToken && protocol['oauth_verifier'] === 'verifier-1'
      ? { body: tell(given.oauth1Token) }
      : refusal;
  }
  return token === given.oauth1Token ? items('oauth1') : refusal;
}

async function answerApp(request: Incoming): Promise<Outgoing> {
  switch (request.path) {
    case '/app/login/oauth/access_token': {
      const isGood = ['code-1', 'Iv1.client', known.app.secret].every((part) => request.body.includes(part));
      return isGood ? { body: { access_token: given.userToken, token_type: 'bearer' } } : refusal;
    }
    case '/app/user/installations':
      return request.headers['authorization'] === `Bearer ${given.userToken}`
        ? { body: { installations: [{ id: 5 }, { id: 77 }] } }
        : refusal;
    case '/app/installations/77/access_tokens': {
      const assertion = request.headers['authorization']?.replace('Bearer ', '') ?? '';
      const { payload } = await jwtVerify(assertion, rsa.publicKey);
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      return payload.iss === known.app.id
        ? { status: 201, body: { token: given.appToken, expires_at: expiresAt } }
        : refusal;
    }
    default:
      return onlyFor(`Bearer ${given.appToken}`, request, 'app');
  }
}

function answerExchange(request: Incoming): Outgoing {
  if (request.path === '/exchange/login') {
    const { user, password } = JSON.parse(request.body) as Record<string, string>;
    return user === 'ada' && password === known.password
      ? { body: { session: { id: given.session } } }
      : // As some do, in a message that people are to read.
        { status: 401, body: { error: `The password ${password} is wrong.` } };
  }
  if (request.path === '/exchange/token') {
    const isGood = request.headers['x-session'] === given.session;
    return isGood ? { body: { token: given.exchanged, expires: 3_600 } } : refusal;
  }
  return onlyFor(`Token ${given.exchanged}`, request, 'exchange');
}

async function answerAssertion(request: Incoming): Promise<Outgoing> {
  if (request.path !== '/assertion/token') {
    return request.headers['x-shard'] === 'shard-7'
      ? onlyFor(`Bearer ${given.exchanged}`, request, 'assertion')
      : refusal;
  }
  const { payload } = await jwtVerify(new URLSearchParams(request.body).get('assertion') ?? '', ec.publicKey);
  return payload.iss === 'issuer-1'
    ? { body: { access_token: given.exchanged, token_type: 'Bearer', expires_in: 3_600, shard: 'shard-7' } }
    : refusal;
}

/** The Security Token Service of AWS, at its root. */
export function answerSts(request: Incoming): Outgoing {
  const form = new URLSearchParams(request.body);
  const isGood =
    holdsForAws(request, { service: 'sts', ...known.aws }) &&
    form.get('RoleArn') === 'arn:aws:iam::1:role/demo' &&
    form.get('ExternalId') === 'customer-1';
  if (!isGood) return { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' };
  const { accessKeyId, secretAccessKey, sessionToken } = given.role;
  return {
    body: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId>
      <SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken>
      <Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

interface AwsKeys {
  readonly service: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Signs the request again with aws4, over the headers that the signature names. */
function holdsForAws({ method, path, headers, body }: Incoming, { service, ...keys }: AwsKeys): boolean {
  const authorization = headers['authorization'] ?? '';
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const { headers: signed } = signWithAws4(
    {
      service,
      region: 'eu-central-1',
      method,
      path,
      body,
      headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
      // aws4 adds what is missing; its types do not know the option.
      extraHeadersToIgnore: { 'content-length': true, 'content-type': !names.includes('content-type') },
    } as Parameters<typeof signWithAws4>[0],
    keys,
  );
  const sent = headers['x-amz-content-sha256'];
  const isOfBody = sent === undefined || sent === createHash('sha256').update(body).digest('hex');
  return isOfBody && signed?.['Authorization'] === authorization;
}
