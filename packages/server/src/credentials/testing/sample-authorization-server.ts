import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderInput } from '@tenon/runtime/provider';

/** An OAuth 2.0 server on the loopback interface, in which everybody is signed in and consents at once. */
export interface SampleAuthorizationServer {
  readonly url: string;
  readonly provider: ProviderInput;
  /** Who is signed in there. */
  account: string;
  /** What happens to who is sent there. */
  consent: 'given' | 'denied';
  /** How codes are answered. */
  tokens: 'given' | 'failing' | 'client refused';
  /** The token endpoint answers when this is resolved. */
  held: Promise<void> | undefined;
  /** How many codes were exchanged, or tried to be. */
  exchanges(): number;
  close(): Promise<void>;
}

export const sampleClient = { clientId: 'app-1', clientSecret: 'app-secret-77e1' };

interface SampleAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Grant {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly account: string;
  readonly scope: string;
}

export async function startSampleAuthorizationServer(): Promise<SampleAuthorizationServer> {
  const grants = new Map<string, Grant>();
  let exchanges = 0;

  const server = createServer((request, response) => {
    void answer(request).then(({ status, headers, body }) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {})),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage): Promise<SampleAnswer> {
    const address = new URL(request.url ?? '/', url);
    if (address.pathname === '/authorize') return { status: 302, headers: { location: authorize(address) } };
    if (address.pathname === '/token') return exchange(request, new URLSearchParams(await readBody(request)));
    const good = request.headers.authorization?.startsWith('Bearer token-') === true;
    return { status: good ? 200 : 401, body: { good } };
  }

  function authorize({ searchParams }: URL): string {
    const back = new URL(searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('state', searchParams.get('state') ?? '');
    if (sample.consent === 'denied') {
      back.searchParams.set('error', 'access_denied');
      return back.href;
    }
    const code = randomUUID();
    grants.set(code, {
      challenge: searchParams.get('code_challenge') ?? '',
      redirectUri: searchParams.get('redirect_uri') ?? '',
      account: sample.account,
      scope: searchParams.get('scope') ?? '',
    });
    back.searchParams.set('code', code);
    return back.href;
  }

  async function exchange(request: IncomingMessage, form: URLSearchParams): Promise<SampleAnswer> {
    exchanges += 1;
    await sample.held;
    if (sample.tokens === 'failing') return { status: 500, body: { error: 'server_error' } };
    const client = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
    if (sample.tokens === 'client refused' || client !== `${sampleClient.clientId}:${sampleClient.clientSecret}`) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri')) {
      return { status: 400, body: { error: 'invalid_grant' } };
    }
    const { account, scope } = grant;
    const body = { token_type: 'Bearer', expires_in: 3_600, scope, account_id: account };
    return { status: 200, body: { ...body, access_token: `token-${code}`, refresh_token: `refresh-${code}` } };
  }

  const sample: SampleAuthorizationServer = {
    url,
    account: 'account-1',
    consent: 'given',
    tokens: 'given',
    held: undefined,
    provider: {
      name: 'docs',
      displayName: 'Docs',
      docs: 'https://docs.example/api',
      sources: ['https://docs.example/api/auth'],
      baseUrl: url,
      connection: {
        region: {
          title: 'Region',
          default: 'eu',
          options: [
            { value: 'eu', title: 'EU' },
            { value: 'us', title: 'US' },
          ],
        },
      },
      auth: {
        mode: 'oauth2',
        authorizationUrl: `${url}/authorize`,
        tokenUrl: `${url}/token`,
        scopes: ['read'],
        capture: { accountId: { from: 'token', path: 'account_id' } },
      },
      headers: { authorization: 'Bearer ${credential.accessToken}' },
      verification: { path: '/me' },
    },
    exchanges: () => exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sample;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
