import { prunedRecordsSchema, pruneRecordsSchema } from '@tenon/runtime/contract';
import { pruneRecords } from '../../../records/prune/prune-records.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findReadableDataset } from './find-readable-dataset.ts';
import { modelParamsSchema } from './record-params.ts';

export const pruneRecordsRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/records/:model/prune',
  summary: 'Removes records and their history for good. The next full read brings back what its provider still has.',
  tag: 'records',
  access: 'key',
  scope: 'records:write',
  audit: 'records.prune',
  params: modelParamsSchema,
  body: pruneRecordsSchema,
  answer: { status: 200, description: 'How many were removed.', schema: prunedRecordsSchema },
  errors: ['not_found'],
  async handle({ caller, params, body, signal, note }, context) {
    const datasetId = await findReadableDataset(context, caller, params);
    const pruned = await pruneRecords(context.database, { ...body, datasetId, signal });
    note({ ...body, pruned });
    return { pruned };
  },
});
