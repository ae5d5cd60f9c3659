import { generateKeyPair, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import type { Configuration, InteractionResults } from 'oidc-provider';
import type { SandboxSettings } from '../sandbox-options.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { scopeTexts } from './scopes.ts';

/** The path of everything below; the issuer is the sandbox's address with it. */
export const authorizationPath = '/oidc';

/** A customer's decision that is being waited for. */
export interface PendingConsent {
  readonly uid: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
}

/** What an access token allows. */
export interface GrantedToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** An OAuth 2 and OpenID Connect server: authorization code with PKCE, rotation, registration, revocation. */
export interface AuthorizationServer {
  readonly store: MemoryStore;
  /** Answers a request; `url` must be without authorizationPath, and `originalUrl` with it. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** @throws what oidc-provider throws for a browser that was not asked */
  findConsent(request: IncomingMessage, response: ServerResponse): Promise<PendingConsent>;
  /** Sends the browser on its way back to the app. */
  finishConsent(request: IncomingMessage, response: ServerResponse, isAllowed: boolean): Promise<void>;
  findToken(token: string): Promise<GrantedToken | undefined>;
}

const accountId = 'sandbox-user';

/** Loads oidc-provider, which takes 0.3 s: done by the first request that needs it. */
export async function createAuthorizationServer(
  settings: SandboxSettings,
  { url, now }: { url: string; now: () => number },
): Promise<AuthorizationServer> {
  const [{ default: Provider }, key] = await Promise.all([
    import('oidc-provider'),
    promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }),
  ]);
  const store = createMemoryStore(now);
  const provider = new Provider(url + authorizationPath, {
    ...describeServer(settings),
    adapter: (model) => store.adapterOf(model),
    jwks: { keys: [{ ...key.privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] },
  });
  const answer = provider.callback();
  return {
    store,
    handle: async (request, response) => void (await answer(request, response)),
    async findConsent(request, response) {
      const { uid, params } = await provider.interactionDetails(request, response);
      const client = await provider.Client.find(String(params['client_id']));
      return {
        uid,
        clientName: client?.clientName ?? String(params['client_id']),
        scopes: String(params['scope'] ?? '')
          .split(' ')
          .filter(Boolean),
      };
    },
    async finishConsent(request, response, isAllowed) {
      const { params } = await provider.interactionDetails(request, response);
      let result: InteractionResults = {
        error: 'access_denied',
        error_description: 'The customer pressed Deny.',
      };
      if (isAllowed) {
        const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
        grant.addOIDCScope(String(params['scope'] ?? ''));
        result = { login: { accountId }, consent: { grantId: await grant.save() } };
      }
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    },
    async findToken(token) {
      const found = await provider.AccessToken.find(token);
      if (!found?.isValid || found.clientId === undefined) return undefined;
      return { clientId: found.clientId, scopes: (found.scope ?? '').split(' ').filter(Boolean) };
    },
  };
}

function describeServer(settings: SandboxSettings): Configuration {
  return {
    clients: [
      {
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
        client_name: 'Your app',
        // Of native apps the port of a loopback address is free (RFC 8252 section 7.3): a server's is not known here.
        application_type: 'native',
        redirect_uris: ['127.0.0.1', 'localhost', '[::1]']
          .map((host) => `http://${host}/oauth/callback`)
          .concat(settings.redirectUris),
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256', grant_types: ['authorization_code', 'refresh_token'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    scopes: Object.keys(scopeTexts),
    routes: { authorization: '/authorize', registration: '/register', revocation: '/revoke' },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
    },
    interactions: { url: (_context, { uid }) => `${authorizationPath}/consent/${uid}` },
    // Every consent is asked for, also of a browser that gave one a minute ago: that is what is being tried out.
    async loadExistingGrant(context) {
      const grantId = context.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : context.oidc.provider.Grant.find(grantId);
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    rotateRefreshToken: settings.rotateRefreshTokens,
    ttl: {
      AccessToken: Math.ceil(settings.tokenSeconds),
      RefreshToken: Math.ceil(settings.refreshTokenSeconds),
      Grant: Math.ceil(settings.refreshTokenSeconds) + 3_600,
      IdToken: 3_600,
      Interaction: 3_600,
      Session: 86_400,
    },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    renderError(context, { error, error_description: description }) {
      context.type = 'text/plain; charset=utf-8';
      context.body = `${error}: ${description ?? 'no more is known'}\n`;
    },
  };
}
