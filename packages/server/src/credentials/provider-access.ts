import type { AccessToken, ActiveCredential, Credentials, Provider } from '@tenon/runtime/provider';

export type ClientCredentials = Extract<Credentials, { mode: 'oauth2_client_credentials' }>;

/** What credentials need of the outside world. The request engine does it; the composition hands it in. */
export interface ProviderAccess {
  /** Asks the provider's token endpoint. Rejects with TenonError `provider_unauthorized` when it refuses the client. */
  obtainToken(request: {
    provider: Provider;
    credentials: ClientCredentials;
    config: Readonly<Record<string, string>>;
    signal: AbortSignal;
  }): Promise<AccessToken>;
  /** Makes the provider's verification request, if it has one. Rejects with `provider_unauthorized` when refused. */
  verify(request: {
    provider: Provider;
    credential: ActiveCredential;
    config: Readonly<Record<string, string>>;
    signal: AbortSignal;
  }): Promise<void>;
}
