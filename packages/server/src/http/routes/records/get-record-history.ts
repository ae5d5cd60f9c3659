import { z } from 'zod';
import { pageOf, pageQuerySchema, recordVersionSchema } from '@tenon/runtime/contract';
import { listRecordHistory } from '../../../records/history/list-record-history.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findReadableDataset } from './find-readable-dataset.ts';
import { modelParamsSchema } from './record-params.ts';

export const getRecordHistoryRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/records/:model/:id/history',
  summary: 'Lists the versions of a record that are kept, newest first, each with what changed and the run that did.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: modelParamsSchema.extend({ id: z.string().min(1) }),
  query: pageQuerySchema,
  answer: { status: 200, description: 'Versions.', schema: pageOf(recordVersionSchema) },
  errors: ['not_found'],
  async handle({ caller, params, query }, context) {
    const datasetId = await findReadableDataset(context, caller, params);
    return listRecordHistory(context.database, { ...query, datasetId, id: params.id });
  },
});
