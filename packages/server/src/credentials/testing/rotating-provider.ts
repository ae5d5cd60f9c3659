import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ProviderInput } from '@tenon/runtime/provider';

/** What the token endpoint does with one renewal. `act` gives the answer of a good server, which then has acted. */
export type AnswerRenewal = (act: () => TokenAnswer, index: number) => Promise<TokenAnswer> | TokenAnswer;

export interface TokenAnswer {
  readonly status: number;
  readonly body: Record<string, unknown> | string;
  /** The connection is cut instead. */
  readonly cut?: boolean;
}

export interface RotatingProvider {
  readonly url: string;
  readonly provider: ProviderInput;
  /** Renewals that were asked for, refused ones too. */
  renewals(): number;
  /** How many it answered with a token. */
  given(): number;
  revocations(): number;
  /** Most renewals that were under way at one time. */
  mostAtOnce(): number;
  /** Replaces what is done with renewals from now on. */
  answer(by: AnswerRenewal): void;
  /** A new authorisation, as a customer's consent gives it. */
  authorise(): { accessToken: string; refreshToken: string };
  /** Ends every authorisation: what a customer does who removes the app. */
  revokeAll(): void;
  /** Ends the access tokens before their time; their authorisations live on. */
  endAccessTokens(): void;
  /** Answers the verification request with this status; undefined: as it should be. */
  failVerification(status: number | undefined): void;
  /** Lets the refresh token before the last be used once more, as providers with a leeway do. */
  allowReplay(): void;
  close(): Promise<void>;
}

interface Family {
  refreshToken: string;
  /** The one before, until the present one was used. */
  previous: string | undefined;
  dead: boolean;
}

const integration = { clientId: 'app-1', clientSecret: 'app-secret-77aa' };
export const rotatingClient = integration;

/**
 * A provider of OAuth 2 whose refresh tokens rotate (RFC 9700 section 4.14.2): each is good once, and one that comes a
 * second time ends the whole authorisation.
 */
export async function startRotatingProvider(
  options: { lifetimeSeconds?: number; auth?: Record<string, unknown>; name?: string } = {},
): Promise<RotatingProvider> {
  const families = new Map<string, Family>();
  const accessTokens = new Map<string, Family>();
  let answer: AnswerRenewal = (act) => act();
  let [count, asked, given, revoked, running, most] = [0, 0, 0, 0, 0, 0];
  let replay = false;
  let failing: number | undefined;

  function issue(family: Family): { accessToken: string; refreshToken: string } {
    count += 1;
    const accessToken = `access-${count}-b1c9`;
    family.previous = family.refreshToken;
    family.refreshToken = `refresh-${count}-e7d2`;
    families.set(family.refreshToken, family);
    accessTokens.set(accessToken, family);
    return { accessToken, refreshToken: family.refreshToken };
  }

  function renew(presented: string): TokenAnswer {
    const family = families.get(presented);
    const isLast = family?.refreshToken === presented;
    const isReplay = replay && family?.previous === presented;
    if (!family || family.dead || !(isLast || isReplay)) {
      if (family) family.dead = true;
      return { status: 400, body: { error: 'invalid_grant' } };
    }
    given += 1;
    const { accessToken, refreshToken } = issue(family);
    const expires = options.lifetimeSeconds ?? 3_600;
    return {
      status: 200,
      body: { access_token: accessToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: expires },
    };
  }

  async function respond(response: ServerResponse, made: TokenAnswer | Promise<TokenAnswer>): Promise<void> {
    const { status, body, cut = false } = await made;
    if (cut) return void response.socket?.destroy();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response
      .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' })
      .end(text);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams((await buffer(request)).toString('utf8'));
    if (request.url === '/revoke') {
      revoked += 1;
      return respond(response, { status: 200, body: {} });
    }
    if (request.url !== '/token') {
      const family = accessTokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '');
      if (failing !== undefined) return respond(response, { status: failing, body: {} });
      const good = family && !family.dead;
      return respond(response, { status: good ? 200 : 401, body: good ? { me: 'you' } : { error: 'no' } });
    }
    asked += 1;
    running += 1;
    most = Math.max(most, running);
    try {
      await respond(response, Promise.resolve(answer(() => renew(form.get('refresh_token') ?? ''), asked - 1)));
    } finally {
      running -= 1;
    }
  }

  // A client that is killed in the middle is part of what is tested.
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.socket?.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    provider: {
      name: options.name ?? 'rotator',
      displayName: 'Rotator',
      docs: 'https://rotator.example/docs',
      sources: ['https://rotator.example/docs/auth'],
      auth: {
        mode: 'oauth2',
        authorizationUrl: `${url}/authorize`,
        tokenUrl: `${url}/token`,
        revocationUrl: `${url}/revoke`,
        refreshToken: { use: 'rotating' },
        ...options.auth,
      },
      baseUrl: url,
      headers: { authorization: 'Bearer ${credential.accessToken}' },
      verification: { path: '/me' },
      retry: { maxAttempts: 1 },
    },
    renewals: () => asked,
    given: () => given,
    revocations: () => revoked,
    mostAtOnce: () => most,
    answer: (by) => void (answer = by),
    authorise() {
      const family: Family = { refreshToken: '', previous: undefined, dead: false };
      return issue(family);
    },
    revokeAll() {
      for (const family of families.values()) family.dead = true;
    },
    endAccessTokens: () => accessTokens.clear(),
    failVerification: (status) => void (failing = status),
    allowReplay: () => void (replay = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
