import { z } from 'zod';
import { planSchema } from '@tenon/runtime/contract';
import { planBetween } from '../../../deployments/plan-between.ts';
import { defineRoute } from '../../route/define-route.ts';
import { versionParams, versionSchema } from './version-params.ts';

export const planVersionRoute = defineRoute({
  method: 'GET',
  path: '/v1/deployments/:version/plan',
  summary: 'Says what lies between two versions: what activating the one in place of the other changes.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:read',
  params: versionParams,
  query: z.object({ from: versionSchema.optional().describe('Absent: the active version.') }),
  answer: { status: 200, description: 'The plan.', schema: planSchema },
  errors: ['not_found', 'rename_refused'],
  handle: ({ caller, params, query }, { database }) =>
    planBetween(database, { environmentId: caller.environmentId, from: query.from, to: params.version }),
});
