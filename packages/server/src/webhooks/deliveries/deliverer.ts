import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { decrypt } from '../../credentials/envelope.ts';
import type { Keyring } from '../../credentials/keyring.ts';
import type { Schema } from '../../database/schema.ts';
import type { Notifications } from '../../engine/notifications/notifications.ts';
import { secretPlace } from '../endpoints/endpoint-context.ts';
import { webhookChannel } from '../publish-event.ts';
import { claimDeliveries, type ClaimedDelivery } from './claim-deliveries.ts';
import { findDeliveryWait } from './delivery-schedule.ts';
import { findNextDelivery } from './find-next-delivery.ts';
import { pruneEvents } from './prune-events.ts';
import type { DeliverySender } from './create-delivery-sender.ts';
import { deliveryTimeoutMs } from './delivery-schedule.ts';
import type { DeliveryOutcome } from './send-delivery.ts';
import { settleDelivery } from './settle-delivery.ts';

export interface DelivererContext {
  readonly database: Kysely<Schema>;
  readonly keyring: Keyring;
  readonly notifications: Pick<Notifications, 'listen'>;
  readonly sender: DeliverySender;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** 0 <= n < 1 */
  readonly random: () => number;
  /** How often to look although nothing seems due, in milliseconds: for a wake-up that was lost. Default 5,000. */
  readonly pollMs?: number;
}

export interface Deliverer {
  start(): Promise<void>;
  /** Makes every attempt that is due now, and waits for them. */
  deliverDue(): Promise<void>;
  /** Lets attempts that are under way end, for as long as one may take. */
  stop(): Promise<void>;
}

const concurrency = 32;
/** Of one endpoint at a time in one process. */
const perEndpoint = 8;
/** Longer than an attempt may take; whoever claimed and died is found out after it. */
const leaseMs = deliveryTimeoutMs + 15_000;
const pruneEveryMs = 3_600_000;

/**
 * Empties the outbox: at least once, retried for over two days, from any number of processes. An attempt that ends is
 * settled in one statement; one whose process dies is due again when its lease ends.
 */
export function createDeliverer(context: DelivererContext): Deliverer {
  const { database, keyring, log, now } = context;
  const pollMs = context.pollMs ?? 5_000;
  const stopped = new AbortController();
  const underWay = new Map<Promise<void>, number>();
  let subscription: { close(): Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let wanted = false;
  let prunedAtMs = 0;

  function listBusy(): number[] {
    const counts = new Map<number, number>();
    for (const endpoint of underWay.values()) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= perEndpoint).map(([endpoint]) => endpoint);
  }

  async function claim(): Promise<number> {
    const limit = Math.min(concurrency - underWay.size, perEndpoint);
    if (limit <= 0 || stopped.signal.aborted) return 0;
    const claimed = await claimDeliveries(database, { now: new Date(now()), leaseMs, limit, busy: listBusy() });
    for (const delivery of claimed) {
      const attempt = attemptDelivery(delivery).finally(() => {
        underWay.delete(attempt);
        wake();
      });
      underWay.set(attempt, delivery.endpoint_id);
    }
    return claimed.length;
  }

  async function attemptDelivery(delivery: ClaimedDelivery): Promise<void> {
    try {
      const secrets = await openSecrets(delivery);
      const outcome = await context.sender.send(delivery, { secrets, nowMs: now(), signal: stopped.signal });
      await settle(delivery, outcome);
    } catch (error) {
      // Nothing is lost: the lease ends, and the delivery is due again.
      log.error({ err: error, deliveryId: delivery.id }, 'a webhook delivery could not be attempted');
    }
  }

  async function openSecrets({ endpoint_id: row, secret, previous_secret: previous }: ClaimedDelivery) {
    const secrets = [await decrypt(secret, { keyring, place: secretPlace(row) })];
    if (previous) secrets.push(await decrypt(previous, { keyring, place: secretPlace(row, 'previous_secret') }));
    return secrets;
  }

  async function settle(delivery: ClaimedDelivery, outcome: DeliveryOutcome): Promise<void> {
    const { id, attempts } = delivery;
    const at = new Date(now());
    const common = { id, attempts, now: at, lastStatus: outcome.status };
    if (outcome.ok) {
      return settleDelivery(database, { ...common, status: 'delivered', nextAttemptAt: null, lastError: null });
    }
    const waitMs = findDeliveryWait(attempts, { random: context.random(), askedMs: outcome.askedMs });
    await settleDelivery(database, {
      ...common,
      status: waitMs === undefined ? 'failed' : 'pending',
      nextAttemptAt: waitMs === undefined ? null : new Date(at.getTime() + waitMs),
      lastError: outcome.error,
    });
    if (waitMs === undefined) log.warn({ deliveryId: id, url: delivery.url }, 'a webhook delivery was given up');
  }

  function wake(): void {
    wanted = true;
    if (looking || stopped.signal.aborted || !subscription) return;
    looking = look().finally(() => {
      looking = undefined;
      if (wanted) wake();
    });
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    wanted = false;
    let pauseMs = pollMs;
    try {
      while ((await claim()) > 0);
      await pruneNowAndThen();
      const next = underWay.size < concurrency ? await findNextDelivery(database, listBusy()) : undefined;
      if (next) pauseMs = Math.min(pollMs, Math.max(next.getTime() - now(), 50));
    } catch (error) {
      log.error({ err: error }, 'webhooks could not be delivered; trying again');
    }
    if (stopped.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(wake, pauseMs);
    timer.unref();
  }

  async function pruneNowAndThen(): Promise<void> {
    if (now() - prunedAtMs < pruneEveryMs) return;
    prunedAtMs = now();
    await pruneEvents(database, new Date(now()));
  }

  return {
    async start() {
      subscription = await context.notifications.listen(webhookChannel, { onMessage: wake, onReconnect: wake });
      wake();
    },
    async deliverDue() {
      do {
        while ((await claim()) > 0);
        await Promise.all(underWay.keys());
      } while ((await claim()) > 0);
      await Promise.all(underWay.keys());
    },
    async stop() {
      clearTimeout(timer);
      await subscription?.close();
      subscription = undefined;
      await looking;
      await Promise.all(underWay.keys());
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
