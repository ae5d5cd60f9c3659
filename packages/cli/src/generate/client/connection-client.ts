import type { ConnectionContext } from './connection-context.ts';
import type { Connection, Credentials } from './connections-client.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface ConnectionPatch {
  /** Replaces the settings. */
  readonly settings?: { readonly [name: string]: unknown } | undefined;
  /** Replaces the metadata. */
  readonly metadata?: { readonly [name: string]: unknown } | undefined;
  /** Replaces the credentials and makes the connection active again. */
  readonly credentials?: Credentials | undefined;
  /** Whether to try new credentials before they replace the old ones. Default true. */
  readonly verify?: boolean | undefined;
}

/** What the clients of every integration's connections have in common. Making one sends nothing. */
export class ConnectionClient {
  readonly id: string;
  readonly integration: string;
  protected readonly context: ConnectionContext;

  constructor(transport: Transport, integration: string, id: string) {
    this.id = id;
    this.integration = integration;
    this.context = { transport, path: ['connections', integration, id] };
  }

  /** @throws TenonApiError `not_found` */
  get(options: CallOptions = {}): Promise<Connection> {
    return this.context.transport.send({ ...options, method: 'GET', path: this.context.path });
  }

  /** Replaces settings, metadata or credentials. */
  update(patch: ConnectionPatch, options: CallOptions = {}): Promise<Connection> {
    return this.context.transport.send({ ...options, method: 'PATCH', path: this.context.path, body: patch });
  }

  /** Disconnects the account: its credentials and its records go. */
  async delete(options: CallOptions = {}): Promise<void> {
    await this.context.transport.send({ ...options, method: 'DELETE', path: this.context.path });
  }
}
