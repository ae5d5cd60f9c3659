import { pageOf, runQuerySchema, runSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const listRunsRoute = defineRoute({
  method: 'GET',
  path: '/v1/runs',
  summary: 'Lists runs, newest first.',
  tag: 'runs',
  access: 'key',
  scope: 'syncs:read',
  query: runQuerySchema,
  answer: { status: 200, description: 'Runs.', schema: pageOf(runSchema) },
  errors: [],
  handle: ({ caller, query }, { runs }) => runs.listRuns({ environmentId: caller.environmentId, ...query }),
});
