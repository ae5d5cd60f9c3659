import { pageOf, pageQuerySchema, webhookEndpointSchema } from '@tenon/runtime/contract';
import { listEndpoints } from '../../../webhooks/endpoints/list-endpoints.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listEndpointsRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/endpoints',
  summary: 'Lists the receivers of events, oldest first.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:read',
  query: pageQuerySchema,
  answer: { status: 200, description: 'Endpoints, without secrets.', schema: pageOf(webhookEndpointSchema) },
  errors: [],
  handle: ({ caller, query }, { database }) =>
    listEndpoints(database, { ...query, environmentId: caller.environmentId }),
});
