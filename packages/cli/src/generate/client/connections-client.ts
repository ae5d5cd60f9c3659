import type { EndUser } from './connect-client.ts';
import { List, type Page } from './list.ts';
import type { CallOptions, Transport } from './transport.ts';

/** How an API knows whose account a request is for. */
export type AuthMode = Credentials['mode'];

/** What is wrong with a connection's credentials. */
export interface ConnectionProblem {
  /**
   * `revoked`: the customer has to connect again. `provider_down`: it will be tried again. `misconfigured`: the
   * developer has to correct the integration; the customer can do nothing.
   */
  readonly class: 'revoked' | 'provider_down' | 'misconfigured';
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly since: string;
  /** In a row. */
  readonly failures: number;
  readonly retryAt: string | null;
}

/** When a connection will end by itself, as far as is known. */
export interface ConnectionExpiry {
  readonly at: string;
  readonly cause: 'access_token' | 'refresh_token' | 'refresh_token_idle';
  /** What prevents it; the server refreshes by itself. */
  readonly unless: 'refreshed' | 'reconnected';
}

/** One customer's authorised account of an integration; never its credentials. */
export interface Connection {
  readonly integration: string;
  readonly id: string;
  readonly authMode: AuthMode;
  /** `auth_failed`: the customer has to connect again; until then its syncs are not run. */
  readonly state: 'active' | 'auth_failed';
  readonly problem: ConnectionProblem | null;
  readonly expiry: ConnectionExpiry | null;
  /** As granted; null: unknown, or the mode has none. */
  readonly scopes: readonly string[] | null;
  /** Of the access token, which is renewed before. */
  readonly tokenExpiresAt: string | null;
  readonly refreshedAt: string | null;
  readonly endUser: EndUser | null;
  /** Of a preview that borrows it: the environment whose credentials it uses. */
  readonly borrowedFrom?: string | undefined;
  readonly config: { readonly [name: string]: string };
  readonly settings: { readonly [name: string]: unknown };
  readonly metadata: { readonly [name: string]: unknown };
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** By the names of the provider's fields. */
type Values = { readonly [field: string]: string };

/** What a connection is created with, by the provider's auth mode; what only a browser can obtain, Connect obtains. */
export type Credentials =
  | { readonly mode: 'none' | 'app' }
  | { readonly mode: 'api_key' | 'jwt' | 'token_exchange' | 'signature'; readonly values: Values }
  /** `token` and `tokenSecret`, or the fields of the provider. */
  | { readonly mode: 'oauth1'; readonly values: Values }
  | { readonly mode: 'oauth2_jwt_bearer' | 'aws_sigv4'; readonly values?: Values | undefined }
  | { readonly mode: 'basic'; readonly username: string; readonly password: string }
  /** Both left out where the client is the integration's. */
  | {
      readonly mode: 'oauth2_client_credentials';
      readonly clientId?: string | undefined;
      readonly clientSecret?: string | undefined;
    }
  /** An import of tokens that were obtained elsewhere. */
  | {
      readonly mode: 'oauth2' | 'mcp_oauth';
      readonly accessToken?: string | undefined;
      readonly refreshToken?: string | undefined;
      readonly expiresAt?: string | undefined;
      /** As granted; of `oauth2` only. */
      readonly scopes?: readonly string[] | undefined;
    };

/** What trying a connection told. */
export interface ConnectionTest {
  readonly ok: boolean;
  /** False: the provider has no request to try, so only the token was looked at. */
  readonly verified: boolean;
  readonly durationMs: number;
  readonly problem: ConnectionProblem | null;
}

export interface NewConnection<Integration extends string = string> {
  readonly integration: Integration;
  /** The customer's account, as the app names it. */
  readonly id: string;
  readonly credentials: Credentials;
  /** What the provider asks for beside credentials, such as a subdomain. */
  readonly config?: { readonly [name: string]: string } | undefined;
  readonly settings?: { readonly [name: string]: unknown } | undefined;
  readonly metadata?: { readonly [name: string]: unknown } | undefined;
  readonly endUser?: EndUser | undefined;
  /** Whether to try the credentials at the provider first. Default true. */
  readonly verify?: boolean | undefined;
}

/** Connects, lists and disconnects the accounts of customers. */
export class ConnectionsClient<Integration extends string = string> {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Oldest first. */
  list(
    options: CallOptions & {
      readonly integration?: Integration | undefined;
      readonly pageSize?: number | undefined;
    } = {},
  ): List<Connection> {
    const { integration, pageSize, ...call } = options;
    return new List((cursor) =>
      this.#transport.send<Page<Connection>>({
        ...call,
        method: 'GET',
        path: ['connections'],
        query: { integration, cursor, limit: pageSize },
      }),
    );
  }

  /**
   * Connects an account.
   * @throws TenonApiError `conflict` when it exists, `credentials_invalid` or `provider_unauthorized`
   */
  create(connection: NewConnection<Integration>, options: CallOptions = {}): Promise<Connection> {
    return this.#transport.send({ ...options, method: 'POST', path: ['connections'], body: connection });
  }

  /** @throws TenonApiError `not_found` */
  get(integration: Integration, id: string, options: CallOptions = {}): Promise<Connection> {
    return this.#transport.send({ ...options, method: 'GET', path: ['connections', integration, id] });
  }

  /** Tries the account's credentials at the provider. What is wrong is in `problem`: it does not throw. */
  test(integration: Integration, id: string, options: CallOptions = {}): Promise<ConnectionTest> {
    return this.#transport.send({ ...options, method: 'POST', path: ['connections', integration, id, 'test'] });
  }

  /**
   * Obtains a new token now, whatever the old one's age.
   * @throws TenonApiError `provider_unauthorized` when the customer has to connect again, `conflict` when the connection
   *   has nothing to obtain one with
   */
  refresh(integration: Integration, id: string, options: CallOptions = {}): Promise<Connection> {
    return this.#transport.send({ ...options, method: 'POST', path: ['connections', integration, id, 'refresh'] });
  }

  /** Disconnects an account: its credentials and its records go. */
  async delete(integration: Integration, id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ ...options, method: 'DELETE', path: ['connections', integration, id] });
  }
}
