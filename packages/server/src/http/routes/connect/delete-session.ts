import { sessionNotFound } from '../../../connect/sessions/read-session-state.ts';
import { deleteSession } from '../../../connect/storage/delete-session.ts';
import { defineRoute } from '../../route/define-route.ts';
import { sessionParamsSchema } from './session-params.ts';

export const deleteConnectSessionRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/connect/sessions/:id',
  summary: 'Takes a session back: its link connects nothing any more. What was connected stays.',
  tag: 'connect',
  access: 'key',
  scope: 'connect:write',
  audit: 'connect_session.delete',
  params: sessionParamsSchema,
  answer: { status: 204, description: 'It is gone.' },
  errors: ['not_found'],
  async handle({ caller, params }, { connect }) {
    const address = { id: params.id, environmentId: caller.environmentId };
    if (!(await deleteSession(connect.connections.database, address))) throw sessionNotFound(params.id);
  },
});
