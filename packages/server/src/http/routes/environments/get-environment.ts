import { environmentSchema } from '@tenon/runtime/contract';
import { toEnvironment } from '../../../environments/environment-row.ts';
import { findEnvironment } from '../../../environments/find-environment.ts';
import { defineRoute } from '../../route/define-route.ts';
import { environmentParamsSchema } from './environment-params.ts';

export const getEnvironmentRoute = defineRoute({
  method: 'GET',
  path: '/v1/environments/:environment',
  summary: 'Shows the environment of the API key, or a preview of it.',
  tag: 'environments',
  access: 'key',
  scope: 'environments:read',
  params: environmentParamsSchema,
  answer: { status: 200, description: 'The environment.', schema: environmentSchema },
  errors: ['preview_unknown'],
  handle: async ({ caller, params }, { database }) =>
    toEnvironment(await findEnvironment(database, { home: caller, name: params.environment })),
});
