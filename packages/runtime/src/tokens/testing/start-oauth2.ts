import {
  defaultRedirectUri,
  startHostileProxy,
  startIdentityProvider,
  testClient,
  type ConsentOptions,
  type HostileProxy,
  type IdentityProvider,
  type IdentityProviderOptions,
} from '@tenon/test-identity';
import { Agent } from 'undici';
import { providerSchema, type ProviderInput } from '../../provider/provider-schema.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import type { Clock } from '../../request/clock.ts';
import { createSkippingClock, type SkippingClock } from '../../testing/skipping-clock.ts';
import { beginAuthorization } from '../begin-authorization.ts';
import { completeAuthorization } from '../complete-authorization.ts';
import { renewToken } from '../renew-token.ts';
import type { AuthorizationEnd, AuthorizedAccount, TokenContext } from '../token-context.ts';

type Oauth2Input = Extract<ProviderInput['auth'], { mode: 'oauth2' }>;

export interface Oauth2Options {
  readonly identity?: IdentityProviderOptions;
  /** Over what the identity provider's addresses make of it. */
  readonly auth?: Partial<Oauth2Input> | ((identity: IdentityProvider, proxy: HostileProxy) => Partial<Oauth2Input>);
  readonly provider?: Partial<ProviderInput>;
  readonly integration?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

export interface StartedOauth2 {
  readonly identity: IdentityProvider;
  /** In front of everything but the browser. */
  readonly proxy: HostileProxy;
  readonly context: TokenContext;
  readonly clock: SkippingClock;
  /** Sends the customer's browser away and back; the result is what `completeAuthorization` is called with. */
  consent(options?: ConsentOptions): Promise<AuthorizationEnd>;
  connect(options?: ConsentOptions): Promise<AuthorizedAccount>;
  renew(token: ProviderToken): Promise<ProviderToken>;
  close(): Promise<void>;
}

export const testState = 'state-0123456789abcdef';

/** Starts an identity provider, a proxy in front of its endpoints, and what connects to them. */
export async function startOauth2(options: Oauth2Options = {}): Promise<StartedOauth2> {
  const identity = await startIdentityProvider(options.identity);
  const proxy = await startHostileProxy(identity.issuer);
  const dispatcher = new Agent();
  const given = typeof options.auth === 'function' ? options.auth(identity, proxy) : options.auth;
  const through = (url: string): string => url.replace(identity.issuer, proxy.url);
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: {
      mode: 'oauth2',
      authorizationUrl: identity.authorizationUrl,
      tokenUrl: through(identity.tokenUrl),
      revocationUrl: through(identity.revocationUrl),
      issuer: identity.issuer,
      jwksUrl: through(identity.jwksUrl),
      clientAssertionAudience: identity.tokenUrl,
      scopes: ['read'],
      ...given,
    },
    baseUrl: proxy.url,
    ...options.provider,
  } satisfies ProviderInput);
  const clock = createSkippingClock();
  const context: TokenContext = {
    provider,
    integration: options.integration ?? { clientId: testClient.client_id, clientSecret: testClient.client_secret },
    config: {},
    dispatcher,
    signal: new AbortController().signal,
    clock,
  };

  async function consent(consentOptions?: ConsentOptions): Promise<AuthorizationEnd> {
    const redirectUri = defaultRedirectUri;
    const { url, pending } = await beginAuthorization({ ...context, redirectUri, state: testState });
    const callback = await identity.consent(url, consentOptions);
    return { ...context, redirectUri, state: testState, pending, callback };
  }

  return {
    identity,
    proxy,
    context,
    clock,
    consent,
    connect: async (consentOptions) => completeAuthorization(await consent(consentOptions)),
    renew: (token) => renewToken({ ...context, credentials: { mode: 'oauth2' }, token }),
    async close() {
      await dispatcher.destroy();
      await proxy.close();
      await identity.close();
    },
  };
}
