import { pageOf, recordQuerySchema, recordSchema } from '@tenon/runtime/contract';
import { listRecords } from '../../../records/reading/list-records.ts';
import { defineRoute } from '../../route/define-route.ts';
import { JsonText } from '../../route/json-text.ts';
import { findReadableDataset } from './find-readable-dataset.ts';
import { modelParamsSchema } from './record-params.ts';

export const listRecordsRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/records/:model',
  summary: 'Lists records of a model, least recently changed first.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: modelParamsSchema,
  query: recordQuerySchema,
  answer: { status: 200, description: 'Records.', schema: pageOf(recordSchema) },
  errors: ['not_found'],
  async handle({ caller, params, query }, context) {
    const datasetId = await findReadableDataset(context, caller, params);
    return new JsonText(await listRecords(context.database, { ...query, datasetId }));
  },
});
