import { describe, expect, test } from 'vitest';
import type { EngineLog } from '../engine-log.ts';
import { testEngineContract } from '../engine-contract.ts';
import { createNotifications } from '../notifications/notifications.ts';
import { createTestDatabase } from '../../database/testing/create-test-database.ts';
import { createPgBossEngine } from './pg-boss-engine.ts';

const silent = () => undefined;
const log: EngineLog = { debug: silent, info: silent, warn: silent, error: silent };

/** A queue in a database of its own; every `open` is another process to it. */
async function openQueue() {
  const { pool, drop } = await createTestDatabase({ poolSize: 12 });
  const notifications: Array<{ close(): Promise<void> }> = [];
  return {
    pool,
    open: (concurrency: number) => {
      const own = createNotifications({ pool, log });
      notifications.push(own);
      return Promise.resolve(createPgBossEngine({ pool, notifications: own, log, concurrency, pollMs: 50 }));
    },
    /** What pg-boss's supervisor does every 30 s when a heartbeat was missed. */
    loseHolders: async () => {
      await pool.query(`update pgboss.job set state = 'retry', started_on = null where state = 'active'`);
    },
    close: async () => {
      await Promise.all(notifications.map((own) => own.close()));
      await drop();
    },
  };
}

describe('the engine on pg-boss', () => {
  testEngineContract(openQueue);

  test('leaves nothing behind in the queue, so its table stays small', async () => {
    const queue = await openQueue();
    const engine = await queue.open(4);
    let handled = 0;
    let settle: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      settle = resolve;
    });
    await engine.start(() => {
      if (++handled === 20) settle();
      return Promise.resolve();
    });
    await engine.enqueue(...Array.from({ length: 20 }, () => ({ runId: crypto.randomUUID(), priority: 0 })));
    await done;
    await engine.stop({ graceMs: 1_000 });
    const { rows } = await queue.pool.query('select count(*)::int as count from pgboss.job');
    expect(rows).toEqual([{ count: 0 }]);
    await queue.close();
  });

  test('wakes another process at once, without waiting for its poll', async () => {
    const { pool, drop } = await createTestDatabase({ poolSize: 12 });
    const listening = createNotifications({ pool, log });
    const sending = createNotifications({ pool, log });
    const idleForAnHour = 3_600_000;
    const taker = createPgBossEngine({ pool, notifications: listening, log, concurrency: 1, pollMs: idleForAnHour });
    const producer = createPgBossEngine({ pool, notifications: sending, log, concurrency: 1 });
    let settle: (runId: string) => void = () => undefined;
    const delivered = new Promise<string>((resolve) => {
      settle = resolve;
    });
    await taker.start((runId) => Promise.resolve(settle(runId)));
    const runId = crypto.randomUUID();
    await producer.enqueue({ runId, priority: 0 });
    expect(await delivered).toBe(runId);
    await taker.stop({ graceMs: 0 });
    await producer.stop({ graceMs: 0 });
    await listening.close();
    await sending.close();
    await drop();
  });
});
