import { z } from 'zod';
import { pageOf, pageQuerySchema, webhookDeliverySchema } from '@tenon/runtime/contract';
import { listDeliveries } from '../../../webhooks/deliveries/list-deliveries.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listDeliveriesRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/deliveries',
  summary: 'Lists what was sent, waits or was given up, newest first; kept for 30 days.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:read',
  query: pageQuerySchema.extend({
    endpointId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
    eventId: z.uuid().optional(),
    status: webhookDeliverySchema.shape.status.optional(),
  }),
  answer: { status: 200, description: 'Deliveries.', schema: pageOf(webhookDeliverySchema) },
  errors: [],
  handle: ({ caller, query }, { database }) =>
    listDeliveries(database, { ...query, environmentId: caller.environmentId }),
});
