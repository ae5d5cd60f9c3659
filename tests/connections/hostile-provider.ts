import {
  startHostileProxy,
  startIdentityProvider,
  type HostileAnswer,
  type IdentityProvider,
  type PassedRequest,
} from '@tenon/test-identity';
import type { ProviderInput } from '@tenon/runtime/provider';

/** What is done with one request for a token. `pass` asks the identity provider, which then has acted. */
export type AnswerToken = (pass: () => Promise<HostileAnswer>) => Promise<HostileAnswer | 'break'>;

export interface HostileProvider {
  readonly identity: IdentityProvider;
  readonly provider: ProviderInput;
  /** Renewals that were asked for, the refused ones too. */
  renewals(): number;
  /** Replaces what is done with renewals from now on. Default: passed on. */
  onRenewal(by: AnswerToken): void;
  /** Replaces what is done with the codes of customers who consented. */
  onCode(by: AnswerToken): void;
  /** Whatever passed that nobody else may know: verifiers, codes, secrets, tokens. */
  readonly secrets: ReadonlySet<string>;
  /** Refuses the access tokens that were given until now; their authorisations live on. */
  refuseTokens(): void;
  close(): Promise<void>;
}

export const hostileClient = { clientId: 'app-1', clientSecret: 'app-secret-5d0f1c77' };

/**
 * An identity provider (oidc-provider) behind a proxy that answers as it is told, and an API that takes its tokens.
 * @param options.rotation whether a refresh token that comes a second time ends the grant
 */
export async function startHostileProvider(options: {
  name: string;
  rotation: boolean;
  redirectUris: readonly string[];
}): Promise<HostileProvider> {
  const { name, rotation, redirectUris } = options;
  const identity = await startIdentityProvider({
    rotation,
    clients: [
      {
        client_id: hostileClient.clientId,
        client_secret: hostileClient.clientSecret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
  });
  const pass: AnswerToken = (ask) => ask();
  let [renewal, code, renewals] = [pass, pass, 0];
  const given = new Set<string>();
  const refused = new Set<string>();

  const secrets = new Set<string>([hostileClient.clientSecret]);
  const keep = (secret: string | null | undefined): void => {
    if (secret) secrets.add(secret);
  };

  async function answerApi({ headers, path }: PassedRequest): Promise<HostileAnswer> {
    const token = headers['authorization']?.replace('Bearer ', '') ?? '';
    keep(token);
    const isGood = !refused.has(token) && (await identity.findAccessToken(token)) !== undefined;
    if (!isGood) return json(401, { error: 'invalid_token' });
    given.add(token);
    return json(200, path.startsWith('/api/items') ? [{ id: '1' }, { id: '2' }] : { me: 'you' });
  }

  const proxy = await startHostileProxy(identity.issuer, async (request, ask) => {
    if (request.path.startsWith('/api/')) return answerApi(request);
    const form = new URLSearchParams(request.body);
    for (const name of ['code', 'code_verifier', 'refresh_token', 'client_secret']) keep(form.get(name));
    const grant = form.get('grant_type');
    if (grant === 'authorization_code') return code(ask);
    if (grant !== 'refresh_token') return ask();
    renewals += 1;
    return renewal(ask);
  });

  return {
    identity,
    provider: {
      name,
      displayName: name,
      docs: 'https://provider.example/docs',
      sources: ['https://provider.example/docs/auth'],
      auth: {
        mode: 'oauth2',
        authorizationUrl: identity.authorizationUrl,
        tokenUrl: `${proxy.url}/token`,
        scopes: ['openid', 'read'],
        refreshToken: { use: rotation ? 'rotating' : 'reusable' },
      },
      baseUrl: `${proxy.url}/api`,
      headers: { authorization: 'Bearer ${credential.accessToken}' },
      verification: { path: '/me' },
      retry: { maxAttempts: 1 },
    },
    secrets,
    renewals: () => renewals,
    onRenewal: (by) => void (renewal = by),
    onCode: (by) => void (code = by),
    refuseTokens() {
      for (const token of given) refused.add(token);
    },
    async close() {
      await proxy.close();
      await identity.close();
    },
  };
}

export function json(status: number, body: unknown): HostileAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Changes what the provider answered. */
export function rewrite(change: (answer: Record<string, unknown>) => Record<string, unknown>): AnswerToken {
  return async (pass) => {
    const { status, body } = await pass();
    return json(status, status === 200 ? change(JSON.parse(body) as Record<string, unknown>) : JSON.parse(body));
  };
}

/** Answers once without asking the provider, which then has done nothing; from the second time on as it should. */
export function failOnce(answer: HostileAnswer | 'break'): AnswerToken {
  let failed = false;
  return async (pass) => {
    if (failed) return pass();
    failed = true;
    return answer;
  };
}
