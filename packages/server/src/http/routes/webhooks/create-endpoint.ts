import { createdWebhookEndpointSchema, createWebhookEndpointSchema } from '@tenon/runtime/contract';
import { createEndpoint } from '../../../webhooks/endpoints/create-endpoint.ts';
import { defineRoute } from '../../route/define-route.ts';

export const createEndpointRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/endpoints',
  summary: 'Registers a receiver of events; the answer has the secret that they are signed with, this once.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:write',
  audit: 'webhook_endpoint.create',
  body: createWebhookEndpointSchema,
  answer: { status: 201, description: 'The endpoint and its secret.', schema: createdWebhookEndpointSchema },
  errors: ['conflict'],
  handle: ({ caller, body }, { connections }) =>
    createEndpoint(connections, { ...body, environmentId: caller.environmentId }),
});
