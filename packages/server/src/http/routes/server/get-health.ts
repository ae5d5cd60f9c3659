import { healthSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

/** The process answers; nothing is said about its database. */
export const getHealthRoute = defineRoute({
  method: 'GET',
  path: '/v1/health',
  summary: 'Says that the process answers.',
  tag: 'server',
  access: 'public',
  answer: { status: 200, description: 'The process answers.', schema: healthSchema },
  errors: [],
  handle: async (_request, { version }) => ({ status: 'ok', version }),
});
