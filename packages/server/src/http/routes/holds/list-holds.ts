import { holdQuerySchema, holdSchema, pageOf } from '@tenon/runtime/contract';
import { listHolds } from '../../../records/holds/list-holds.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listHoldsRoute = defineRoute({
  method: 'GET',
  path: '/v1/holds',
  summary: 'Lists deletions that are held for approval, and those that were decided on, newest first.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  query: holdQuerySchema,
  answer: { status: 200, description: 'Holds.', schema: pageOf(holdSchema) },
  errors: [],
  handle: ({ caller, query }, { database }) => listHolds(database, { ...query, environmentId: caller.environmentId }),
});
