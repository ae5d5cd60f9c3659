import type { Dispatcher } from 'undici';
import type { Credentials } from '../provider/credential.ts';
import type { Provider } from '../provider/provider-schema.ts';
import type { ProviderToken } from '../provider/provider-token.ts';
import type { Clock } from '../request/clock.ts';

/** What every exchange with a provider about tokens needs. */
export interface TokenContext {
  readonly provider: Provider;
  /** What the developer configured, by field; see `listIntegrationFields`. */
  readonly integration: Readonly<Record<string, string>>;
  /** What the customer was asked for, and what connecting told. */
  readonly config: Readonly<Record<string, string>>;
  /** Default: undici's own pool of this process. */
  readonly dispatcher?: Dispatcher;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** What is kept, encrypted, between sending a browser away and its coming back: verifier, nonce, request token. */
export type PendingAuthorization = Readonly<Record<string, string>>;

export interface AuthorizationStart extends TokenContext {
  readonly redirectUri: string;
  /** Random, at least 128 bits; comes back with the redirect. */
  readonly state: string;
  /** Default: the provider's. */
  readonly scopes?: readonly string[] | undefined;
  /** Beside the provider's own, and over them. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
}

export interface StartedAuthorization {
  /** Where the browser goes. */
  readonly url: string;
  readonly pending: PendingAuthorization;
}

export interface AuthorizationEnd extends TokenContext {
  readonly redirectUri: string;
  readonly state: string;
  readonly pending: PendingAuthorization;
  /** The parameters that the browser came back with. */
  readonly callback: Readonly<Record<string, string>>;
  /** Exchanges the code of the mode oauth2 in the engine's place, once the redirect is checked. */
  readonly exchangeCode?: ((authorization: ReturnedAuthorization) => Promise<ProviderToken>) | undefined;
}

/** What a browser brought back, checked. */
export interface ReturnedAuthorization {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier?: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface AuthorizedAccount {
  readonly token: ProviderToken;
  /** Values of the connection that the provider told; see `captureOf`. */
  readonly captured: Readonly<Record<string, string>>;
}

export interface TokenRequest extends TokenContext {
  readonly credentials: Credentials;
}

export interface TokenRenewal extends TokenRequest {
  /** The one to renew. */
  readonly token: ProviderToken;
}
