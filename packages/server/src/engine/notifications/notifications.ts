import type { Notification, Pool, PoolClient } from 'pg';
import type { EngineLog } from '../engine-log.ts';

/**
 * The server's one LISTEN connection, shared by all who wait for something: a queue, a changed schedule, a cancelled
 * run. It is a hint, never the truth: whoever listens also polls, slowly, and is told when messages may have been
 * missed because the connection was down.
 */
export interface Notifications {
  /** @returns a handle that ends the subscription */
  listen(channel: string, listener: NotificationListener): Promise<{ close(): Promise<void> }>;
  /** Gives the connection back. */
  close(): Promise<void>;
}

export interface NotificationListener {
  onMessage(payload: string): void;
  /** The connection was lost and is back: messages sent in between did not arrive. */
  onReconnect(): void;
}

const firstBackoffMs = 250;
const longestBackoffMs = 10_000;

/** @param context.pool one of its connections is kept for as long as something listens */
export function createNotifications(context: { pool: Pool; log: EngineLog }): Notifications {
  const listeners = new Map<string, Set<NotificationListener>>();
  let connection: Promise<PoolClient> | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let backoffMs = firstBackoffMs;
  let closed = false;

  async function connect(): Promise<PoolClient> {
    const client = await context.pool.connect();
    client.on('error', (error) => lose(client, error));
    client.on('notification', deliver);
    try {
      for (const channel of listeners.keys()) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      release(client, true);
      throw error;
    }
    return client;
  }

  function deliver(message: Notification): void {
    for (const listener of listeners.get(message.channel) ?? []) listener.onMessage(message.payload ?? '');
  }

  function release(client: PoolClient, broken: boolean): void {
    client.removeAllListeners('notification');
    client.removeAllListeners('error');
    // A destroyed client may still report its socket's end; nobody waits for it any more.
    client.on('error', () => undefined);
    client.release(broken);
  }

  function lose(client: PoolClient, error: Error): void {
    if (connection === undefined) return;
    connection = undefined;
    release(client, true);
    context.log.warn({ err: error }, 'the LISTEN connection was lost; polling until it is back');
    reconnectLater();
  }

  function reconnectLater(): void {
    if (closed || retryTimer) return;
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      void reconnect();
    }, backoffMs);
    retryTimer.unref();
    backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
  }

  async function reconnect(): Promise<void> {
    if (closed) return;
    try {
      await open();
    } catch (error) {
      context.log.warn({ err: error }, 'the LISTEN connection cannot be opened; polling until it is back');
      reconnectLater();
      return;
    }
    backoffMs = firstBackoffMs;
    for (const channel of listeners.values()) for (const listener of channel) listener.onReconnect();
  }

  /** One connection however many ask at once; a failed attempt is forgotten, so the next one tries again. */
  function open(): Promise<PoolClient> {
    if (!connection) {
      const attempt = connect();
      connection = attempt;
      attempt.catch(() => {
        if (connection === attempt) connection = undefined;
      });
    }
    return connection;
  }

  return {
    async listen(channel, listener) {
      const known = listeners.get(channel);
      const channelListeners = known ?? new Set<NotificationListener>();
      channelListeners.add(listener);
      listeners.set(channel, channelListeners);
      const wasOpen = connection !== undefined;
      const client = await open();
      // A connection that was opened just now listens to every channel of the map already; once more does no harm.
      if (wasOpen && !known) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      return {
        close: async () => {
          channelListeners.delete(listener);
          if (channelListeners.size > 0 || closed) return;
          listeners.delete(channel);
          const current = await connection?.catch(() => undefined);
          await current?.query(`unlisten ${current.escapeIdentifier(channel)}`).catch(() => undefined);
        },
      };
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(retryTimer);
      listeners.clear();
      const current = await connection?.catch(() => undefined);
      connection = undefined;
      // Closed rather than returned: a session that still listens must not go back to the pool.
      if (current) release(current, true);
    },
  };
}
