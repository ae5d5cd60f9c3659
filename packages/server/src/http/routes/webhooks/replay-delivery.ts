import { webhookDeliverySchema } from '@tenon/runtime/contract';
import { replayDelivery } from '../../../webhooks/deliveries/replay-delivery.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from './id-params.ts';

export const replayDeliveryRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/deliveries/:id/replay',
  summary: 'Sends an event to its endpoint again, with the same id.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:write',
  audit: 'webhook_delivery.replay',
  params: idParamsSchema,
  answer: { status: 202, description: 'The new delivery.', schema: webhookDeliverySchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { database }) =>
    replayDelivery(database, { ...params, environmentId: caller.environmentId }),
});
