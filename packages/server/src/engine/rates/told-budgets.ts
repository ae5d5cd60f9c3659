import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EngineLog } from '../engine-log.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { budgetChannel } from './budget-channel.ts';
import { selectToldBudgets } from './queries/select-told-budgets.ts';

/**
 * Which budgets have a limit that a provider told of. Kept in memory, so that calls without any limit cost the database
 * nothing; the server that learns of a limit tells the others.
 */
export interface ToldBudgets {
  /** Resolves when this process knows what the others know. */
  ready(): Promise<void>;
  has(key: string): boolean;
  add(key: string): void;
  /** Changes whenever something is said of a budget. */
  mark(key: string): number;
  /** Unless something was said of it since. */
  forget(key: string, mark: number): void;
}

export function createToldBudgets(context: {
  database: Kysely<Schema>;
  notifications: Notifications;
  log: EngineLog;
}): ToldBudgets {
  const marks = new Map<string, number>();
  let lastMark = 0;
  let loading: Promise<void> | undefined;

  function add(key: string): void {
    lastMark += 1;
    marks.set(key, lastMark);
  }

  async function read(): Promise<void> {
    for (const key of await selectToldBudgets(context.database)) add(key);
  }

  async function load(): Promise<void> {
    await context.notifications.listen(budgetChannel, {
      onMessage: add,
      onReconnect: () => {
        read().catch((error: unknown) => context.log.warn({ err: error }, 'the rate budgets could not be read'));
      },
    });
    await read();
  }

  return {
    ready() {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
    has: (key) => marks.has(key),
    add,
    mark: (key) => marks.get(key) ?? 0,
    forget(key, mark) {
      if (marks.get(key) === mark) marks.delete(key);
    },
  };
}
