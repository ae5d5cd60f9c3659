import type { ActiveCredential, Provider, ProviderToken } from '@tenon/runtime/provider';
import type {
  AuthorizationEnd,
  AuthorizationStart,
  AuthorizedAccount,
  StartedAuthorization,
  TokenRenewal,
  TokenRequest,
} from '@tenon/runtime/tokens';

type WithoutTransport<Request> = Omit<Request, 'dispatcher' | 'clock'>;

/** What credentials need of the outside world. The request engine does it; the composition hands it in. */
export interface ProviderAccess {
  /** Obtains a token with stored credentials. Rejects as `obtainToken` of the runtime does. */
  obtainToken(request: WithoutTransport<TokenRequest>): Promise<ProviderToken>;
  /** Obtains the first token with what else the provider tells of the account. Rejects as `obtainAccount` of the runtime does. */
  obtainAccount(request: WithoutTransport<TokenRequest>): Promise<AuthorizedAccount>;
  /** Renews a token. Rejects as `renewToken` of the runtime does. */
  renewToken(request: WithoutTransport<TokenRenewal>): Promise<ProviderToken>;
  /** Ends a token at the provider, where the provider can. Rejects as `revokeToken` of the runtime does. */
  revokeToken(request: WithoutTransport<TokenRenewal>): Promise<void>;
  /** Says where the browser goes to consent. Rejects as `beginAuthorization` of the runtime does. */
  beginAuthorization(request: WithoutTransport<AuthorizationStart>): Promise<StartedAuthorization>;
  /** Takes what the browser came back with. Rejects as `completeAuthorization` of the runtime does. */
  completeAuthorization(request: WithoutTransport<AuthorizationEnd>): Promise<AuthorizedAccount>;
  /** Makes the provider's verification request, if it has one. Rejects with `provider_unauthorized` when refused. */
  verify(request: {
    provider: Provider;
    credential: ActiveCredential;
    config: Readonly<Record<string, string>>;
    integration: Readonly<Record<string, string>>;
    signal: AbortSignal;
  }): Promise<void>;
}
