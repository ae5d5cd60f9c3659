import { List, type Page } from './list.ts';
import type { CallOptions, Transport } from './transport.ts';

/** One customer's authorised account of an integration; never its credentials. */
export interface Connection {
  readonly integration: string;
  readonly id: string;
  readonly authMode: string;
  readonly state: 'active' | 'auth_failed';
  readonly config: { readonly [name: string]: string };
  readonly settings: { readonly [name: string]: unknown };
  readonly metadata: { readonly [name: string]: unknown };
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The secrets that a connection is created with, by the provider's auth mode. */
export type Credentials =
  | { readonly mode: 'none' }
  | { readonly mode: 'api_key'; readonly values: { readonly [field: string]: string } }
  | { readonly mode: 'basic'; readonly username: string; readonly password: string }
  | { readonly mode: 'oauth2_client_credentials'; readonly clientId: string; readonly clientSecret: string };

export interface NewConnection<Integration extends string = string> {
  readonly integration: Integration;
  /** The customer's account, as the app names it. */
  readonly id: string;
  readonly credentials: Credentials;
  /** What the provider asks for beside credentials, such as a subdomain. */
  readonly config?: { readonly [name: string]: string } | undefined;
  readonly settings?: { readonly [name: string]: unknown } | undefined;
  readonly metadata?: { readonly [name: string]: unknown } | undefined;
  /** Whether to try the credentials at the provider first. Default true. */
  readonly verify?: boolean | undefined;
}

/** Connects, lists and disconnects the accounts of customers. */
export class ConnectionsClient<Integration extends string = string> {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options: CallOptions & { readonly pageSize?: number | undefined } = {}): List<Connection> {
    const { pageSize, ...call } = options;
    return new List((cursor) =>
      this.#transport.send<Page<Connection>>({
        ...call,
        method: 'GET',
        path: ['connections'],
        query: { cursor, limit: pageSize },
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

  /** Disconnects an account: its credentials and its records go. */
  async delete(integration: Integration, id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ ...options, method: 'DELETE', path: ['connections', integration, id] });
  }
}
