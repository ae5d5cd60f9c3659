import { z } from 'zod';
import { undoneRunSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const undoRunRoute = defineRoute({
  method: 'POST',
  path: '/v1/runs/:id/undo',
  summary: 'Takes back what a run changed in the records, but for what a later run changed again.',
  tag: 'runs',
  access: 'key',
  scope: 'records:write',
  audit: 'run.undo',
  params: z.object({ id: z.uuid() }),
  answer: { status: 200, description: 'What came of it.', schema: undoneRunSchema },
  errors: ['not_found', 'conflict'],
  handle: ({ caller, params }, { records }) =>
    records.undoRun({ environmentId: caller.environmentId, runId: params.id }),
});
