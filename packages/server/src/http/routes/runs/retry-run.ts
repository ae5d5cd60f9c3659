import { z } from 'zod';
import { triggeredRunSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const retryRunRoute = defineRoute({
  method: 'POST',
  path: '/v1/runs/:id/retry',
  summary: 'Runs a sync again that has ended, with the event or the range of that run where it had one.',
  tag: 'runs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'run.retry',
  params: z.object({ id: z.uuid() }),
  answer: { status: 202, description: 'The new run, or the one that is unfinished.', schema: triggeredRunSchema },
  errors: ['not_found', 'conflict', 'provider_unauthorized'],
  async handle({ caller, params }, { runs }) {
    const { run, created } = await runs.retryRun({ environmentId: caller.environmentId, runId: params.id });
    return { run, alreadyRunning: !created };
  },
});
