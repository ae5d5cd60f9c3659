import { connectAttemptSchema, startAuthorizationSchema } from '@tenon/runtime/contract';
import { startAttempt } from '../../../connect/attempts/start-attempt.ts';
import { setAttemptCookie } from '../../pages/attempt-cookie.ts';
import { defineRoute } from '../../route/define-route.ts';

export const startConnectAttemptRoute = defineRoute({
  method: 'POST',
  path: '/v1/connect/attempts',
  summary: 'Begins to connect at the provider: gives the address to send this browser to, and binds it with a cookie.',
  tag: 'connect',
  access: 'connect',
  audit: 'connect_attempt.start',
  connectCalls: 'provider',
  body: startAuthorizationSchema,
  bodyLimit: 128 * 1024,
  answer: { status: 201, description: 'The attempt, with the address.', schema: connectAttemptSchema },
  errors: [
    'not_found',
    'credentials_invalid',
    'integration_misconfigured',
    'provider_unreachable',
    'provider_timeout',
    'provider_error',
  ],
  async handle({ session, body, signal, reply }, { connect }) {
    const { attempt, browserSecret } = await startAttempt(connect, session, { chosen: body, signal });
    setAttemptCookie(reply, {
      attemptId: attempt.id,
      secret: browserSecret,
      publicUrl: connect.connections.publicUrl(),
      expiresAt: attempt.expiresAt,
    });
    return attempt;
  },
});
