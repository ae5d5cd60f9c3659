import { z } from 'zod';
import { pageOf, pageQuerySchema, recordDifferenceSchema } from '@tenon/runtime/contract';
import { listRunChanges } from '../../../records/history/list-run-changes.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findRunRow } from './find-run-row.ts';

export const listRunChangesRoute = defineRoute({
  method: 'GET',
  path: '/v1/runs/:id/changes',
  summary: 'Lists what a run changed: each record before the run and after it, as far as the history is kept.',
  tag: 'runs',
  access: 'key',
  scope: 'records:read',
  params: z.object({ id: z.uuid() }),
  query: pageQuerySchema,
  answer: { status: 200, description: 'Changed records.', schema: pageOf(recordDifferenceSchema) },
  errors: ['not_found'],
  async handle({ caller, params, query }, { database }) {
    const run = await findRunRow(database, { environmentId: caller.environmentId, runId: params.id });
    return listRunChanges(database, { ...query, runId: run.id });
  },
});
