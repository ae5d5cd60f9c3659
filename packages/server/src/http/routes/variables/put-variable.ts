import { z } from 'zod';
import { putVariableSchema, variableNameSchema, variableSchema } from '@tenon/runtime/contract';
import { putVariable } from '../../../variables/put-variable.ts';
import { defineRoute } from '../../route/define-route.ts';

export const putVariableRoute = defineRoute({
  method: 'PUT',
  path: '/v1/variables/:name',
  summary: 'Stores a variable, encrypted. It is used instead of one of the same name in the environment of the server.',
  tag: 'variables',
  access: 'key',
  scope: 'variables:write',
  audit: 'variable.set',
  params: z.object({ name: variableNameSchema }),
  body: putVariableSchema,
  answer: { status: 200, description: 'The variable, without its value.', schema: variableSchema },
  errors: ['conflict'],
  handle: ({ caller, params, body }, { connections }) =>
    putVariable(connections, { environmentId: caller.environmentId, ...params, ...body }),
});
