import { z } from 'zod';
import { pageOf, pageQuerySchema, recordDifferenceSchema } from '@tenon/runtime/contract';
import { listRunDifferences } from '../../../records/history/list-run-differences.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findRunRow } from './find-run-row.ts';

export const listRunDifferencesRoute = defineRoute({
  method: 'GET',
  path: '/v1/runs/:id/diff/:other',
  summary: 'Lists how the records differ between the end of a run and the end of another one of the same sync.',
  tag: 'runs',
  access: 'key',
  scope: 'records:read',
  params: z.object({ id: z.uuid(), other: z.uuid() }),
  query: pageQuerySchema,
  answer: { status: 200, description: 'Records that differ.', schema: pageOf(recordDifferenceSchema) },
  errors: ['not_found'],
  async handle({ caller: { environmentId }, params, query }, { database }) {
    const [run, other] = await Promise.all([
      findRunRow(database, { environmentId, runId: params.id }),
      findRunRow(database, { environmentId, runId: params.other }),
    ]);
    return listRunDifferences(database, { ...query, run, other });
  },
});
