import { z } from 'zod';
import { variableNameSchema } from '@tenon/runtime/contract';
import { deleteVariable } from '../../../variables/delete-variable.ts';
import { defineRoute } from '../../route/define-route.ts';

export const deleteVariableRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/variables/:name',
  summary: 'Deletes a stored variable.',
  tag: 'variables',
  access: 'key',
  scope: 'variables:write',
  audit: 'variable.delete',
  params: z.object({ name: variableNameSchema }),
  answer: {
    status: 204,
    description: 'It is gone; one of the same name in the environment of the server is used again.',
  },
  errors: ['not_found', 'conflict'],
  handle: ({ caller, params }, { connections }) =>
    deleteVariable(connections, { environmentId: caller.environmentId, ...params }),
});
