import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderInput } from '@tenon/runtime/provider';

/** A provider on the loopback interface that knows one API key and one OAuth client. */
export interface SampleProviderServer {
  readonly url: string;
  /** How many tokens it gave. */
  tokensGiven(): number;
  /** Lets a token that it gave be refused from now on. */
  revokeTokens(): void;
  /** Refuses the client itself from now on. */
  lockClient(): void;
  unlockClient(): void;
  readonly apiKeyProvider: ProviderInput;
  readonly clientProvider: ProviderInput;
  close(): Promise<void>;
}

export const goodApiKey = 'good-key-3f9a';
export const goodClient = { clientId: 'client-1', clientSecret: 'hush-81d2' };

export async function startSampleProvider(
  options: { tokenLifetimeSeconds?: number } = {},
): Promise<SampleProviderServer> {
  let tokens = 0;
  let oldestGood = 1;
  let locked = false;

  const server = createServer((request, response) => {
    void readBody(request).then(() => {
      const { authorization } = request.headers;
      if (request.url === '/token') {
        const client = Buffer.from(authorization?.split(' ')[1] ?? '', 'base64').toString();
        if (locked || client !== `${goodClient.clientId}:${goodClient.clientSecret}`) {
          return response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
        }
        const body = { access_token: `token-${++tokens}`, expires_in: options.tokenLifetimeSeconds ?? 3_600 };
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      }
      const token = /^Bearer token-(\d+)$/.exec(authorization ?? '')?.[1];
      const good = authorization === `Bearer ${goodApiKey}` || (token !== undefined && Number(token) >= oldestGood);
      return response
        .writeHead(good ? 200 : 401, { 'content-type': 'application/json' })
        .end(JSON.stringify(good ? { me: 'you' } : { error: 'no' }));
    });
  });
  const url = await listen(server);
  const common = {
    docs: 'https://tracker.example/docs',
    sources: ['https://tracker.example/docs/auth'],
    baseUrl: url,
    verification: { path: '/me' },
  };
  return {
    url,
    tokensGiven: () => tokens,
    revokeTokens: () => void (oldestGood = tokens + 1),
    lockClient: () => void (locked = true),
    unlockClient: () => void (locked = false),
    apiKeyProvider: {
      ...common,
      name: 'tracker',
      displayName: 'Tracker',
      auth: { mode: 'api_key', fields: { apiKey: { title: 'API key', secret: true } } },
      headers: { authorization: 'Bearer ${credential.apiKey}' },
    },
    clientProvider: {
      ...common,
      name: 'crm',
      displayName: 'CRM',
      auth: { mode: 'oauth2_client_credentials', tokenUrl: `${url}/token` },
      headers: { authorization: 'Bearer ${credential.accessToken}' },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Nothing in it matters; read to its end, so that the connection can be used again. */
function readBody(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    request.resume().once('end', resolve);
  });
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
