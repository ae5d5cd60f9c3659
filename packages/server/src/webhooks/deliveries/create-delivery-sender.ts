import type { ClaimedDelivery } from './claim-deliveries.ts';
import type { DeliveryOutcome } from './send-delivery.ts';

export interface DeliverySender {
  send(
    delivery: ClaimedDelivery,
    options: { secrets: readonly string[]; nowMs: number; signal: AbortSignal },
  ): Promise<DeliveryOutcome>;
  close(): Promise<void>;
}

/** Sends over connections that are kept. What it needs is loaded with the first delivery: most servers start without. */
export function createDeliverySender(options: { allowPrivateAddresses: boolean }): DeliverySender {
  let loading: ReturnType<typeof load> | undefined;
  return {
    async send(delivery, { secrets, nowMs, signal }) {
      loading ??= load(options);
      const { sendDelivery, dispatcher } = await loading;
      return sendDelivery(delivery, { dispatcher, secrets, nowMs, signal });
    },
    async close() {
      if (loading) await (await loading).dispatcher.close();
    },
  };
}

async function load(options: { allowPrivateAddresses: boolean }) {
  const [{ sendDelivery }, { createProviderDispatcher }] = await Promise.all([
    import('./send-delivery.ts'),
    import('@tenon/runtime/request'),
  ]);
  return { sendDelivery, dispatcher: createProviderDispatcher(options) };
}
