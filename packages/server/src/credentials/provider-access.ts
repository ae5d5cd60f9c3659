import type { ActiveCredential, Credentials, ProviderToken } from '@tenon/runtime/provider';
import type {
  AuthorizationEnd,
  AuthorizationStart,
  AuthorizedAccount,
  StartedAuthorization,
  TokenRenewal,
  TokenRequest,
} from '@tenon/runtime/tokens';
import type { DeployedProvider } from '../deployments/deployed-provider.ts';

/** Hooks run in a process of the environment, and no other. */
interface Deployed {
  readonly environmentId: number;
  readonly provider: DeployedProvider;
}

type DeployedRequest<Request> = Omit<Request, 'dispatcher' | 'clock' | 'provider'> & Deployed;

export interface Verification extends Deployed {
  readonly credential: ActiveCredential;
  /** As they are stored; hooks are given them. */
  readonly credentials: Credentials;
  readonly token: ProviderToken | undefined;
  readonly config: Readonly<Record<string, string>>;
  readonly integration: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What credentials need of the outside world. The request engine and the provider's hooks do it. */
export interface ProviderAccess {
  /** Obtains a token with stored credentials. Rejects as `obtainToken` of the runtime does. */
  obtainToken(request: DeployedRequest<TokenRequest>): Promise<ProviderToken>;
  /** Obtains the first token with what else the provider tells of the account. Rejects as `obtainAccount` of the runtime does. */
  obtainAccount(request: DeployedRequest<TokenRequest>): Promise<AuthorizedAccount>;
  /** Renews a token. Rejects as `renewToken` of the runtime does. */
  renewToken(request: DeployedRequest<TokenRenewal>): Promise<ProviderToken>;
  /** Ends a token at the provider, where the provider can. Rejects as `revokeToken` of the runtime does. */
  revokeToken(request: DeployedRequest<TokenRequest> & { readonly token: ProviderToken | undefined }): Promise<void>;
  /** Says where the browser goes to consent. Rejects as `beginAuthorization` of the runtime does. */
  beginAuthorization(request: Omit<AuthorizationStart, 'dispatcher' | 'clock'>): Promise<StartedAuthorization>;
  /** Takes what the browser came back with. Rejects as `completeAuthorization` of the runtime does. */
  completeAuthorization(request: DeployedRequest<AuthorizationEnd>): Promise<AuthorizedAccount>;
  /** What the provider's hooks tell of an account whose first token is there; nothing without them. */
  captureAccount(request: Omit<Verification, 'credential'>): Promise<Record<string, string>>;
  /** Makes the provider's verification request, if it has one. Rejects with `provider_unauthorized` when refused. */
  verify(request: Verification): Promise<void>;
}
