import { z } from 'zod';
import { runSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const getRunRoute = defineRoute({
  method: 'GET',
  path: '/v1/runs/:id',
  summary: 'Shows a run.',
  tag: 'runs',
  access: 'key',
  scope: 'syncs:read',
  params: z.object({ id: z.uuid() }),
  answer: { status: 200, description: 'The run.', schema: runSchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { runs }) => runs.getRun({ environmentId: caller.environmentId, runId: params.id }),
});
