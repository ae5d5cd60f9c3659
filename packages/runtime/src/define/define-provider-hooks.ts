import type { ProviderResponse, RequestOptions } from './script-requests.ts';
import type { ScriptLog } from './script-context.ts';

export interface HookRequestOptions extends RequestOptions {
  /** Default: GET. */
  method?: string;
}

/** What every hook is given. Values are by the names of the provider's fields. */
export interface HookContext {
  /** What the connection has: the customer's fields, or in beforeRequest what requests carry, such as `accessToken`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** What the developer configured: clientId, clientSecret and the provider's own fields. */
  readonly integration: Readonly<Record<string, string>>;
  /** What the customer was asked for beside the credentials, and what connecting told: `${connection.<field>}`. */
  readonly connection: Readonly<Record<string, string>>;
  /**
   * Sends a request as it is: no credential is attached. Paths are relative to the provider's base URL; absolute
   * addresses are https (or http where the server allows private addresses). Retried as requests of scripts are.
   * Rejects with TenonError `provider_error` (its `details` have `status` and an excerpt of the `body`) for every
   * status from 400 on.
   */
  request<Data = unknown>(url: string, options?: HookRequestOptions): Promise<ProviderResponse<Data>>;
  readonly log: ScriptLog;
  /** Aborted when the hook has to end: after 30 s at the latest. */
  readonly signal: AbortSignal;
}

/** A token as a hook gives it and gets it. */
export interface HookToken {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  /** Unix time in milliseconds; absent: until the provider refuses it. */
  readonly expiresAtMs?: number | undefined;
  readonly refreshExpiresAtMs?: number | undefined;
  /** As granted. */
  readonly scopes?: readonly string[] | undefined;
  /** More fields of the credential: `${credential.<name>}` in the provider's templates. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

export interface NewHookToken extends HookToken {
  /** Instead of expiresAtMs: seconds from now. */
  readonly expiresInSeconds?: number | undefined;
  /** Instead of refreshExpiresAtMs: seconds from now. */
  readonly refreshExpiresInSeconds?: number | undefined;
}

export interface ObtainTokenContext extends HookContext {
  /** In the mode oauth2: what the customer's browser came back with. Its state and issuer are checked already. */
  readonly authorization?: HookAuthorization | undefined;
}

export interface HookAuthorization {
  readonly code: string;
  /** As it was sent with the browser. */
  readonly redirectUri: string;
  /** Absent: the provider declares no PKCE. */
  readonly codeVerifier?: string | undefined;
  /** Every parameter of the redirect back. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface TokenHookContext extends HookContext {
  /** Absent: the mode has none. */
  readonly token?: HookToken | undefined;
}

export interface RenewTokenContext extends HookContext {
  /** The one to renew. */
  readonly token: HookToken;
}

/** One request as it is about to be sent: redirects and repeated attempts come each anew. */
export interface OutgoingRequest {
  readonly method: string;
  /** Absolute, with the query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: none. */
  readonly body: Uint8Array | undefined;
}

/** What to send instead; what is left out stays. */
export interface RequestChange {
  readonly method?: string | undefined;
  /** Absolute, of the same origin. */
  readonly url?: string | undefined;
  /** Put over those of the request; null takes one away. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
  readonly body?: Uint8Array | string | undefined;
}

/** What a provider needs that provider.yaml cannot say. All are optional; the mode's own way stays for the rest. */
export interface ProviderHooks {
  /**
   * Signs or changes each request to the provider's API: of syncs and actions in their script's process, and the
   * verification request. Requests for tokens are not among them.
   */
  beforeRequest?(
    request: OutgoingRequest,
    context: HookContext,
  ): RequestChange | undefined | Promise<RequestChange | undefined>;
  /** Instead of the mode's way: from the stored credentials, or in the mode oauth2 from the code that came back. */
  obtainToken?(context: ObtainTokenContext): NewHookToken | Promise<NewHookToken>;
  /** Instead of the refresh token's way, for the modes to which customers consent in a browser. */
  renewToken?(context: RenewTokenContext): NewHookToken | Promise<NewHookToken>;
  /** Called when the first token is there: gives values of the connection, such as an account's id or its instance. */
  afterConnect?(context: TokenHookContext): Record<string, string> | Promise<Record<string, string>>;
  /** Instead of the verification request: throws, with refuseCredentials() when the customer's credentials are bad. */
  verify?(context: TokenHookContext): void | Promise<void>;
  /** Instead of the revocation address: ends the token when a connection is deleted. */
  revoke?(context: TokenHookContext): void | Promise<void>;
}

export interface ProviderHooksDefinition {
  readonly kind: 'provider-hooks';
  readonly hooks: ProviderHooks;
}

/**
 * Declares the hooks of a provider; the default export of providers/<name>.hooks.ts. Pure: they are called in an
 * isolated process of the server, never in the server itself.
 */
export function defineProviderHooks(hooks: ProviderHooks): ProviderHooksDefinition {
  return { kind: 'provider-hooks', hooks };
}
