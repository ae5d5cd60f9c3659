import { holdDetailsSchema, pageQuerySchema } from '@tenon/runtime/contract';
import { getHoldDetails } from '../../../records/holds/list-holds.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from '../webhooks/id-params.ts';

export const getHoldRoute = defineRoute({
  method: 'GET',
  path: '/v1/holds/:id',
  summary: 'Shows held deletions, with a page of the ids that would be deleted.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: idParamsSchema,
  query: pageQuerySchema,
  answer: { status: 200, description: 'The hold.', schema: holdDetailsSchema },
  errors: ['not_found'],
  handle: ({ caller, params, query }, { database }) =>
    getHoldDetails(database, { ...query, environmentId: caller.environmentId, id: params.id }),
});
