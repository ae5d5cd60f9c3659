import type { ActiveCredential, Provider, ProviderToken } from '@tenon/runtime/provider';
import type { TokenRequest } from '@tenon/runtime/tokens';

type WithoutTransport<Request> = Omit<Request, 'dispatcher' | 'clock'>;

/** What credentials need of the outside world. The request engine does it; the composition hands it in. */
export interface ProviderAccess {
  /** Obtains a token with stored credentials. Rejects as `obtainToken` of the runtime does. */
  obtainToken(request: WithoutTransport<TokenRequest>): Promise<ProviderToken>;
  /** Makes the provider's verification request, if it has one. Rejects with `provider_unauthorized` when refused. */
  verify(request: {
    provider: Provider;
    credential: ActiveCredential;
    config: Readonly<Record<string, string>>;
    integration: Readonly<Record<string, string>>;
    signal: AbortSignal;
  }): Promise<void>;
}
