import { connectSessionSchema, createConnectSessionSchema } from '@tenon/runtime/contract';
import { createSession } from '../../../connect/sessions/create-session.ts';
import { defineRoute } from '../../route/define-route.ts';

export const createConnectSessionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connect/sessions',
  summary: 'Lets one customer connect: gives a link, and a token for the page behind it.',
  tag: 'connect',
  access: 'key',
  scope: 'connect:write',
  audit: 'connect_session.create',
  body: createConnectSessionSchema,
  answer: { status: 201, description: 'The session, with its token.', schema: connectSessionSchema },
  errors: ['not_found', 'origin_refused'],
  handle: ({ caller, body }, { connect }) =>
    createSession(connect, { environmentId: caller.environmentId, request: body }),
});
