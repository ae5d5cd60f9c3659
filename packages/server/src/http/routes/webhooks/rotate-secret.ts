import { createdWebhookEndpointSchema } from '@tenon/runtime/contract';
import { rotateSecret } from '../../../webhooks/endpoints/rotate-secret.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from './id-params.ts';

export const rotateSecretRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/endpoints/:id/rotate-secret',
  summary: 'Gives a receiver a new secret; for 24 hours deliveries are signed with both.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:write',
  audit: 'webhook_endpoint.rotate_secret',
  params: idParamsSchema,
  answer: { status: 200, description: 'The endpoint and its new secret.', schema: createdWebhookEndpointSchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { connections }) =>
    rotateSecret(connections, { ...params, environmentId: caller.environmentId }),
});
