import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { providerSchema, type Provider } from '@tenon/runtime/provider';

export const oddSecret = 'odd-app-secret-1';

export interface OddProvider {
  readonly photos: Provider;
  readonly ledger: Provider;
  /** `GET /path`, without the query. */
  readonly asked: string[];
  /** How a renewal is answered. */
  renewals: 'given' | 'refused' | 'broken' | 'nonsense';
  close(): Promise<void>;
}

const facts = { docs: 'https://odd.example/docs', sources: ['https://odd.example/docs'] };

/**
 * Two providers that no data describes. Photos gives short tokens for signed codes, exchanges them for long ones, renews
 * these by GET with nothing but themselves, and wants each call signed; Ledger gives tokens by GET for a hash.
 */
export async function startOddProvider(): Promise<OddProvider> {
  const asked: string[] = [];
  let given = 0;
  const state = { renewals: 'given' as OddProvider['renewals'] };

  function answer(request: IncomingMessage): [status: number, body: unknown, location?: string] {
    const url = new URL(request.url ?? '/', 'http://odd.example');
    const read = (name: string): string => url.searchParams.get(name) ?? '';
    asked.push(`${request.method} ${url.pathname}`);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /authorize':
        return [302, '', `${read('redirect_uri')}?code=code-1&state=${encodeURIComponent(read('state'))}`];
      case 'GET /short-token':
        return read('sign') === hash(`code-1|${oddSecret}`) ? [200, { data: { tok: 'short-1' } }] : [400, {}];
      case 'GET /long-token':
        return read('access_token') === 'short-1' ? [200, newToken()] : [400, {}];
      case 'GET /refresh':
        if (state.renewals === 'refused') return [400, { error: { code: 190 } }];
        if (state.renewals === 'broken') return [500, {}];
        if (state.renewals === 'nonsense') return [200, { hello: 'world' }];
        return read('access_token') === `long-token-${given}` ? [200, newToken()] : [400, {}];
      case 'GET /account':
        return [200, { id: 77 }];
      case 'GET /api/me':
      case 'GET /api/albums':
        return request.headers['x-sign'] === hash(`${url.pathname}|${oddSecret}`) &&
          request.headers.authorization === `Bearer long-token-${given}`
          ? [200, { items: ['summer'] }]
          : [401, {}];
      case 'DELETE /grants':
        return [204, undefined];
      case 'GET /ledger-token':
        return read('hash') === hash(`${read('id')}:good-key`) ? [200, { t: 'ledger-token-1', ttl: 600 }] : [403, {}];
      case 'GET /ledger/me':
        return request.headers.authorization === 'Bearer ledger-token-1' ? [200, {}] : [401, {}];
      default:
        return [404, {}];
    }
  }

  function newToken(): object {
    given += 1;
    return { access_token: `long-token-${given}`, expires_in: 5_184_000 };
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [status, body, location] = answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    asked,
    get renewals() {
      return state.renewals;
    },
    set renewals(value) {
      state.renewals = value;
    },
    photos: providerSchema.parse({
      ...facts,
      name: 'photos',
      displayName: 'Photos',
      auth: {
        mode: 'oauth2',
        authorizationUrl: `${url}/authorize`,
        tokenUrl: `${url}/never-asked`,
        capture: { accountId: { from: 'token', path: 'account_id', optional: true } },
      },
      baseUrl: url,
      verification: { path: '/api/me' },
      retry: { maxAttempts: 1 },
    }),
    ledger: providerSchema.parse({
      ...facts,
      name: 'ledger',
      displayName: 'Ledger',
      auth: { mode: 'oauth2_client_credentials', tokenUrl: `${url}/never-asked` },
      baseUrl: url,
      verification: { path: '/ledger/me' },
      retry: { maxAttempts: 1 },
    }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a developer writes in providers/photos.hooks.ts. */
export const photosHooks = `import { createHash } from 'node:crypto';
import { defineProviderHooks, refuseCredentials, TenonError } from '@tenon/runtime';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
type Answer = { access_token: string; expires_in: number };

export default defineProviderHooks({
  beforeRequest: ({ url }, { integration }) => ({
    headers: { 'x-sign': hash(new URL(url).pathname + '|' + integration.clientSecret) },
  }),
  async obtainToken({ authorization, integration, request }) {
    if (!authorization) throw new Error('no code');
    const sign = hash(authorization.code + '|' + integration.clientSecret);
    const short = await request<{ data: { tok: string } }>('/short-token', { params: { sign } });
    const { data } = await request<Answer>('/long-token', {
      params: { access_token: short.data.data.tok },
    });
    return { accessToken: data.access_token, expiresInSeconds: data.expires_in };
  },
  async renewToken({ token, request }) {
    try {
      const { data } = await request<Answer>('/refresh', {
        params: { access_token: token.accessToken },
      });
      return { accessToken: data.access_token, expiresInSeconds: data.expires_in };
    } catch (error) {
      const body = error instanceof TenonError ? String(error.details?.body) : '';
      if (body.includes('190')) refuseCredentials('Photos refused the token: it was revoked, or ended.');
      throw error;
    }
  },
  async afterConnect({ request, token }) {
    const { data } = await request<{ id: number }>('/account', {
      params: { access_token: token?.accessToken },
    });
    return { accountId: String(data.id) };
  },
  async revoke({ request, token }) {
    await request('/grants', { method: 'DELETE', params: { access_token: token?.accessToken } });
  },
});
`;

/** What a developer writes in providers/ledger.hooks.ts. */
export const ledgerHooks = `import { createHash } from 'node:crypto';
import { defineProviderHooks, refuseCredentials, TenonError } from '@tenon/runtime';

export default defineProviderHooks({
  async obtainToken({ credentials, request }) {
    const hash = createHash('sha256').update(credentials.clientId + ':' + credentials.clientSecret).digest('hex');
    try {
      const { data } = await request<{ t: string; ttl: number }>('/ledger-token', {
        params: { id: credentials.clientId, hash },
      });
      return { accessToken: data.t, expiresInSeconds: data.ttl };
    } catch (error) {
      if (error instanceof TenonError && error.details?.status === 403) refuseCredentials('Ledger does not know this key.');
      throw error;
    }
  },
});
`;
