import { z } from 'zod';
import { runCaptureSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const getCaptureRoute = defineRoute({
  method: 'GET',
  path: '/v1/runs/:id/capture',
  summary: 'Gives what a run that failed began with and what its provider answered, redacted, to repeat it elsewhere.',
  tag: 'runs',
  access: 'key',
  scope: 'captures:read',
  audit: 'capture.read',
  params: z.object({ id: z.uuid() }),
  answer: { status: 200, description: "The capture; it holds data of the run's customer.", schema: runCaptureSchema },
  errors: ['not_found', 'capture_missing', 'capture_invalid'],
  handle: ({ caller, params }, { runs }) => runs.getCapture({ environmentId: caller.environmentId, runId: params.id }),
});
