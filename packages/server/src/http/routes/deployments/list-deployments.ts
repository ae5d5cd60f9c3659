import { deploymentSchema, deploymentQuerySchema, pageOf } from '@tenon/runtime/contract';
import { listDeployments } from '../../../deployments/list-deployments.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listDeploymentsRoute = defineRoute({
  method: 'GET',
  path: '/v1/deployments',
  summary: 'Lists versions, newest first.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:read',
  query: deploymentQuerySchema,
  answer: { status: 200, description: 'Versions.', schema: pageOf(deploymentSchema) },
  errors: [],
  handle: ({ caller, query }, { database }) =>
    listDeployments(database, { environmentId: caller.environmentId, ...query }),
});
