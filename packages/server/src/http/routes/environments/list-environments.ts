import { environmentSchema, pageOf, pageQuerySchema } from '@tenon/runtime/contract';
import { listEnvironments } from '../../../environments/list-environments.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listEnvironmentsRoute = defineRoute({
  method: 'GET',
  path: '/v1/environments',
  summary: 'Lists the environment of the API key and its previews. Other environments are not shown.',
  tag: 'environments',
  access: 'key',
  scope: 'environments:read',
  query: pageQuerySchema,
  answer: { status: 200, description: 'Environments, oldest first.', schema: pageOf(environmentSchema) },
  errors: [],
  handle: ({ caller, query }, { database }) => listEnvironments(database, { homeId: caller.environmentId, ...query }),
});
