import type { Pool } from 'pg';
import type { Db } from 'pg-boss';
import type { Notifications } from '../notifications/notifications.ts';

/**
 * Lets pg-boss work on the server's own pool and LISTEN connection: two connections fewer than if it opened its own,
 * and its wake-ups can be heard by the dispatcher too.
 * @param onWake a job arrived, or may have arrived unnoticed
 */
export function poolDatabase(pool: Pool, notifications: Notifications, onWake: () => void): Db {
  return {
    executeSql: (text, values) => pool.query(text, values),
    listen: (channel, onNotification, onReconnect) =>
      notifications.listen(channel, {
        onMessage: (payload) => {
          onNotification(payload);
          onWake();
        },
        onReconnect: () => {
          onReconnect();
          onWake();
        },
      }),
  };
}
