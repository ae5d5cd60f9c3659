import { deleteEndpoint } from '../../../webhooks/endpoints/delete-endpoint.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from './id-params.ts';

export const deleteEndpointRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/webhooks/endpoints/:id',
  summary: 'Removes a receiver with its deliveries, those that wait too.',
  tag: 'webhooks',
  access: 'key',
  scope: 'webhooks:write',
  audit: 'webhook_endpoint.delete',
  params: idParamsSchema,
  answer: { status: 204, description: 'It is gone.' },
  errors: ['not_found'],
  handle: ({ caller, params }, { database }) =>
    deleteEndpoint(database, { ...params, environmentId: caller.environmentId }),
});
