import { webhookEndpointSchema } from '@tenon/runtime/contract';
import { findEndpoint } from '../../../webhooks/endpoints/find-endpoint.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from './id-params.ts';

export const getEndpointRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/endpoints/:id',
  summary: 'Shows a receiver of events.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:read',
  params: idParamsSchema,
  answer: { status: 200, description: 'The endpoint, without its secret.', schema: webhookEndpointSchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { database }) =>
    findEndpoint(database, { ...params, environmentId: caller.environmentId }),
});
