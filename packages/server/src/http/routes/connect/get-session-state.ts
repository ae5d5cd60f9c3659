import { connectSessionStateSchema } from '@tenon/runtime/contract';
import { readSessionState } from '../../../connect/sessions/read-session-state.ts';
import { defineRoute } from '../../route/define-route.ts';
import { sessionParamsSchema } from './session-params.ts';

export const getConnectSessionStateRoute = defineRoute({
  method: 'GET',
  path: '/v1/connect/sessions/:id',
  summary: 'Says what became of a session: what was connected at a provider, and what failed last.',
  tag: 'connect',
  access: 'key',
  scope: 'connect:write',
  params: sessionParamsSchema,
  answer: { status: 200, description: 'How it stands.', schema: connectSessionStateSchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { connect }) =>
    readSessionState(connect, { id: params.id, environmentId: caller.environmentId }),
});
