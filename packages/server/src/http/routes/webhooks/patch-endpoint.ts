import { patchWebhookEndpointSchema, webhookEndpointSchema } from '@tenon/runtime/contract';
import { patchEndpoint } from '../../../webhooks/endpoints/patch-endpoint.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from './id-params.ts';

export const patchEndpointRoute = defineRoute({
  method: 'PATCH',
  path: '/v1/webhooks/endpoints/:id',
  summary: 'Changes a receiver of events; what is left out stays.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:write',
  audit: 'webhook_endpoint.update',
  params: idParamsSchema,
  body: patchWebhookEndpointSchema,
  answer: { status: 200, description: 'The endpoint.', schema: webhookEndpointSchema },
  errors: ['not_found'],
  handle: ({ caller, params, body }, { database }) =>
    patchEndpoint(database, { ...params, environmentId: caller.environmentId }, body),
});
