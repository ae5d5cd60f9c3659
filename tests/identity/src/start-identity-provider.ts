import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider';
import { consentInBrowser, type ConsentOptions } from './consent-browser.ts';
import { createMemoryAdapter } from './memory-adapter.ts';

/** Where the default client's customers come back to; nothing listens there. */
export const defaultRedirectUri = 'https://tenon.example/oauth/callback';

/** The client of a provider that is started without others. */
export const testClient = {
  client_id: 'tenon-client',
  client_secret: 'tenon-client-secret-7b1f0c2e9d',
  redirect_uris: [defaultRedirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
} satisfies ClientMetadata;

export interface IdentityProviderOptions {
  /** Default: `testClient` alone. */
  readonly clients?: readonly ClientMetadata[];
  /** Whether each renewal ends the refresh token and gives another; a second use of an old one ends the grant. Default: false. */
  readonly rotation?: boolean;
  /** Default: 3600. */
  readonly accessTokenTtlSeconds?: number;
  /** Default: 14 days. */
  readonly refreshTokenTtlSeconds?: number;
  /** Whether refresh tokens are given only to those who ask for `offline_access`. Default: to everybody. */
  readonly offlineAccessOnly?: boolean;
  readonly pkceRequired?: boolean;
  /** Whether each client sees an account under another subject. */
  readonly pairwise?: boolean;
  /** Whether anybody may register a client (RFC 7591). */
  readonly registration?: boolean;
  /** Access tokens are JWTs for this resource (RFC 9068, RFC 8707); requests may name it as `resource`. */
  readonly jwtResource?: string;
  /** Resources that requests may name; access tokens for them are opaque. */
  readonly resources?: readonly string[];
  /** Beside openid and offline_access. Default: read, write. */
  readonly scopes?: readonly string[];
  /** Instead of a free port. */
  readonly port?: number;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string;
  readonly registrationUrl: string;
  readonly userinfoUrl: string;
  readonly introspectionUrl: string;
  readonly jwksUrl: string;
  /** What each request to the token endpoint asked for (`grant_type`), in order, failed ones too. */
  readonly tokenRequests: readonly string[];
  /** Goes to an authorization URL as a customer's browser does; returns the parameters that it comes back with. */
  consent(url: string, options?: ConsentOptions): Promise<Record<string, string>>;
  /** Whether an access token is live, and of whom. */
  findAccessToken(token: string): Promise<{ accountId: string; scope: string; audience: unknown } | undefined>;
  close(): Promise<void>;
}

/** Made once a process: an RSA key takes longer than all the rest of a start. */
const signingKeys: readonly Record<string, unknown>[] = [
  { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), alg: 'RS256' },
  { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256' },
];

function createResources(options: IdentityProviderOptions, scopes: readonly string[]) {
  const { jwtResource, resources = [] } = options;
  const known = new Set([...resources, ...(jwtResource === undefined ? [] : [jwtResource])]);
  if (known.size === 0) return { enabled: false };
  return {
    enabled: true,
    defaultResource: (_context: unknown, _client: unknown, oneOf?: readonly string[]) => oneOf ?? jwtResource ?? [],
    useGrantedResource: () => true,
    getResourceServerInfo(_context: unknown, indicator: string) {
      if (!known.has(indicator)) throw new Error(`unknown resource ${indicator}`);
      return {
        scope: scopes.join(' '),
        audience: indicator,
        accessTokenFormat: indicator === jwtResource ? ('jwt' as const) : ('opaque' as const),
      };
    },
  };
}

function createConfiguration(options: IdentityProviderOptions): Configuration {
  const { rotation = false, pairwise = false, accessTokenTtlSeconds = 3_600 } = options;
  const scopes = options.scopes ?? ['read', 'write'];
  return {
    adapter: createMemoryAdapter(),
    clients: [...(options.clients ?? [testClient])],
    clientDefaults: { grant_types: ['authorization_code', 'refresh_token'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    jwks: { keys: [...signingKeys] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['openid', 'offline_access', ...scopes],
    pkce: { required: () => options.pkceRequired ?? false },
    rotateRefreshToken: rotation,
    issueRefreshToken: (_context, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (options.offlineAccessOnly !== true || code.scopes.has('offline_access')),
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: accessTokenTtlSeconds,
      ClientCredentials: accessTokenTtlSeconds,
      RefreshToken: options.refreshTokenTtlSeconds ?? 14 * 86_400,
      AuthorizationCode: 60,
      Grant: 14 * 86_400,
      IdToken: 3_600,
      Interaction: 3_600,
      Session: 86_400,
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ...(pairwise && {
      subjectTypes: ['pairwise' as const],
      pairwiseIdentifier: (_context: unknown, accountId: string, client: { clientId: string }) =>
        `${client.clientId}/${accountId}`,
    }),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
      registration: { enabled: options.registration ?? false },
      resourceIndicators: createResources(options, scopes),
    },
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

/** Starts an OAuth 2.0 and OpenID Connect server (the oidc-provider package) on a loopback port. */
export async function startIdentityProvider(options: IdentityProviderOptions = {}): Promise<IdentityProvider> {
  const server = createServer();
  const issuer = await listen(server, options.port ?? 0);
  const provider = new Provider(issuer, createConfiguration(options));
  const tokenRequests: string[] = [];
  const noteGrant = (context: { oidc: { params?: { grant_type?: unknown } | undefined } }): void => {
    tokenRequests.push(String(context.oidc.params?.grant_type));
  };
  provider.on('grant.success', noteGrant);
  provider.on('grant.error', noteGrant);
  server.on('request', provider.callback());
  return {
    issuer,
    authorizationUrl: `${issuer}/auth`,
    tokenUrl: `${issuer}/token`,
    revocationUrl: `${issuer}/token/revocation`,
    registrationUrl: `${issuer}/reg`,
    userinfoUrl: `${issuer}/me`,
    introspectionUrl: `${issuer}/token/introspection`,
    jwksUrl: `${issuer}/jwks`,
    tokenRequests,
    consent: consentInBrowser,
    async findAccessToken(token) {
      const found = await provider.AccessToken.find(token);
      return found && { accountId: found.accountId, scope: found.scope ?? '', audience: found.aud };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
