import { generateKeyPairSync } from 'node:crypto';
import { startIdentityProvider, type IdentityProvider } from '@tenon/test-identity';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../provider/credential.ts';
import { providerSchema, type ProviderInput } from '../provider/provider-schema.ts';
import { startLocalApi, type AnswerRequest } from '../testing/local-api.ts';
import { obtainAccount } from './obtain-account.ts';
import { obtainToken } from './obtain-token.ts';
import { revokeToken } from './revoke-token.ts';
import type { TokenRequest } from './token-context.ts';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
// As OpenSSL writes it by default.
const pem = String(keys.privateKey.export({ format: 'pem', type: 'pkcs1' }));

function request(auth: ProviderInput['auth'], credentials: Credentials, integration = {}): TokenRequest {
  const dispatcher = new Agent();
  open.push({ close: () => dispatcher.destroy() });
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth,
    integration: { scopeOwner: { title: 'Owner', optional: true } },
    baseUrl: 'https://unused.example',
  });
  return { provider, credentials, integration, config: {}, dispatcher, signal: new AbortController().signal };
}

async function startIdentity(): Promise<IdentityProvider> {
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), alg: 'PS256', use: 'sig' };
  const identity = await startIdentityProvider({
    clients: [
      {
        client_id: 'machine',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        jwks: { keys: [jwk] },
      },
    ],
  });
  open.push(identity);
  return identity;
}

async function startApi(answer: AnswerRequest) {
  const api = await startLocalApi(answer);
  open.push(api);
  return api;
}

describe('client credentials that are signed with', () => {
  it.each(['connection', 'integration'] as const)("the %s's key give a token, which can be revoked", async (client) => {
    const identity = await startIdentity();
    const own = { clientId: 'machine', clientSecret: pem };
    const asked = request(
      {
        mode: 'oauth2_client_credentials',
        client,
        tokenUrl: identity.tokenUrl,
        revocationUrl: identity.revocationUrl,
        clientAuthentication: 'private_key_jwt',
        clientAssertionAlgorithm: 'PS256',
        clientAssertionAudience: identity.issuer,
        scopes: ['read'],
      },
      { mode: 'oauth2_client_credentials', ...(client === 'connection' && own) },
      client === 'integration' ? { clientId: 'machine', privateKey: pem } : {},
    );
    const token = await obtainToken(asked);
    expect(token).toMatchObject({ scopes: ['read'], expiresAtMs: expect.any(Number) });
    await revokeToken({ ...asked, token });
  });

  it('something that is no key tell whose it is, and not what', async () => {
    const identity = await startIdentity();
    const credentials = {
      mode: 'oauth2_client_credentials',
      clientId: 'machine',
      clientSecret: 'no-pem-at-all',
    } as const;
    const auth = {
      mode: 'oauth2_client_credentials',
      tokenUrl: identity.tokenUrl,
      clientAuthentication: 'private_key_jwt',
    } as const;
    const error = await failure(obtainToken(request(auth, credentials)));
    expect(error).toMatchObject({ code: 'credentials_invalid' });
    expect(String(error)).not.toContain('no-pem-at-all');
    expect(identity.tokenRequests).toEqual([]);
  });
});

describe('a signed statement', () => {
  const auth = (tokenUrl: string): Extract<ProviderInput['auth'], { mode: 'oauth2_jwt_bearer' }> => ({
    mode: 'oauth2_jwt_bearer',
    fields: { email: { title: 'Account' }, key: { title: 'Key', secret: true } },
    tokenUrl,
    assertion: {
      algorithm: 'RS256',
      key: '${credential.key}',
      claims: { iss: '${credential.email}', aud: tokenUrl, scope: 'calendar', jti: '${request.nonce}' },
    },
    scopes: ['read'],
    tokenParameters: { owner: '${integration.scopeOwner}' },
    capture: { instance: { from: 'token', path: 'instance_url' } },
  });
  const credentials = { mode: 'oauth2_jwt_bearer', values: { email: 'a@b.example', key: pem } } as const;

  it('is exchanged for a token, and the answer tells of the account; each attempt has another', async () => {
    const api = await startApi((_request, index) =>
      index === 0
        ? { status: 503, headers: { 'retry-after': '0' } }
        : { body: { access_token: 'at', expires_in: 60, instance_url: 'https://eu.example' } },
    );
    const account = await obtainAccount(request(auth(api.url), credentials, { scopeOwner: 'me' }));
    expect(account).toMatchObject({ token: { accessToken: 'at' }, captured: { instance: 'https://eu.example' } });
    const sent = api.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(sent[1]).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      scope: 'read',
      owner: 'me',
    });
    const [first, second] = await Promise.all(
      sent.map(
        async ({ assertion = '' }) => (await jwtVerify(assertion, keys.publicKey, { audience: api.url })).payload,
      ),
    );
    expect(second).toMatchObject({ iss: 'a@b.example', scope: 'calendar' });
    expect(second?.jti).not.toBe(first?.jti);
    expect(decodeProtectedHeader(sent[1]?.['assertion'] ?? '')).toMatchObject({ alg: 'RS256', typ: 'JWT' });
  });

  it.each(['invalid_grant', 'unauthorized_client', 'invalid_client'])(
    "of the customer's that is refused with %s is the customer's to change",
    async (error) => {
      const api = await startApi(() => ({ status: 400, body: { error } }));
      const obtained = obtainToken(request(auth(api.url), credentials, { scopeOwner: 'me' }));
      expect(await failure(obtained)).toMatchObject({ code: 'provider_unauthorized' });
    },
  );
});
