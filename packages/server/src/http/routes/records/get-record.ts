import { z } from 'zod';
import { recordSchema } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { selectRecord } from '../../../records/reading/queries/select-record.ts';
import { defineRoute } from '../../route/define-route.ts';
import { JsonText } from '../../route/json-text.ts';
import { findReadableDataset } from './find-readable-dataset.ts';
import { modelParamsSchema } from './record-params.ts';

export const getRecordRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/records/:model/:id',
  summary: 'Shows a record, also one that is marked as deleted.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: modelParamsSchema.extend({ id: z.string().min(1) }),
  answer: { status: 200, description: 'The record.', schema: recordSchema },
  errors: ['not_found'],
  async handle({ caller, params }, context) {
    const datasetId = await findReadableDataset(context, caller, params);
    const text = await selectRecord(context.database, datasetId, params.id);
    if (text !== undefined) return new JsonText(text);
    throw new TenonError('not_found', `There is no ${params.model} with this id.`, {
      hint: 'The id is the one that the script saved; encode it with encodeURIComponent.',
    });
  },
});
