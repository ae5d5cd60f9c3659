import { z } from 'zod';
import { runSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const cancelRunRoute = defineRoute({
  method: 'POST',
  path: '/v1/runs/:id/cancel',
  summary: 'Cancels a run: a queued one at once, a running one as soon as its script is stopped.',
  tag: 'runs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'run.cancel',
  params: z.object({ id: z.uuid() }),
  answer: { status: 202, description: 'The run as it is now.', schema: runSchema },
  errors: ['not_found', 'conflict'],
  handle: ({ caller, params }, { runs }) => runs.cancelRun({ environmentId: caller.environmentId, runId: params.id }),
});
