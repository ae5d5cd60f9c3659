import { pageOf, pageQuerySchema, variableSchema } from '@tenon/runtime/contract';
import { listVariables } from '../../../variables/list-variables.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listVariablesRoute = defineRoute({
  method: 'GET',
  path: '/v1/variables',
  summary: "Lists the environment's variables, by name; their values are never shown.",
  tag: 'variables',
  access: 'key',
  scope: 'variables:read',
  query: pageQuerySchema,
  answer: { status: 200, description: 'Names, and where their values come from.', schema: pageOf(variableSchema) },
  errors: [],
  handle: ({ caller, query }, { connections }) =>
    listVariables(connections, { environmentId: caller.environmentId, ...query }),
});
