import { z } from 'zod';
import { rollbackPlanSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { versionParams } from './version-params.ts';

export const planRollbackRoute = defineRoute({
  method: 'GET',
  path: '/v1/deployments/:version/rollback',
  summary:
    'Says what going back to a version changes, and with data=true what becomes of the records. Changes nothing.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:read',
  params: versionParams,
  query: z.object({ data: z.enum(['true', 'false']).default('false') }),
  answer: { status: 200, description: 'The plan.', schema: rollbackPlanSchema },
  errors: ['not_found', 'rename_refused'],
  handle: ({ caller, params, query }, { rollbacks }) =>
    rollbacks.plan({
      environmentId: caller.environmentId,
      version: params.version,
      data: query.data === 'true',
    }),
});
