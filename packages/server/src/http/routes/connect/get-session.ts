import { connectViewSchema } from '@tenon/runtime/contract';
import { showSession } from '../../../connect/view/show-session.ts';
import { defineRoute } from '../../route/define-route.ts';

export const getConnectSessionRoute = defineRoute({
  method: 'GET',
  path: '/v1/connect/session',
  summary: 'Says what the customer of this session can connect, and what to ask for.',
  tag: 'connect',
  access: 'connect',
  answer: { status: 200, description: 'What a page needs to draw itself.', schema: connectViewSchema },
  errors: ['not_found'],
  handle: ({ session }, { connect }) => showSession(connect, session),
});
