import { changesPageSchema, changesQuerySchema } from '@tenon/runtime/contract';
import { listChanges } from '../../../records/reading/list-changes.ts';
import { defineRoute } from '../../route/define-route.ts';
import { JsonText } from '../../route/json-text.ts';
import { findReadableDataset } from './find-readable-dataset.ts';
import { modelParamsSchema } from './record-params.ts';

export const listChangesRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/changes/:model',
  summary: 'Reads the change feed of a model from a cursor on; nextCursor is the place to go on from later.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: modelParamsSchema,
  query: changesQuerySchema,
  answer: { status: 200, description: 'Changes, oldest first.', schema: changesPageSchema },
  errors: ['not_found', 'cursor_expired'],
  async handle({ caller, params, query }, context) {
    const datasetId = await findReadableDataset(context, caller, params);
    return new JsonText(await listChanges(context.database, { ...query, datasetId }));
  },
});
