import { z } from 'zod';
import { connectAttemptSchema } from '@tenon/runtime/contract';
import { showAttempt } from '../../../connect/attempts/show-attempt.ts';
import { waitForAttempt } from '../../../connect/attempts/wait-for-attempt.ts';
import { defineRoute } from '../../route/define-route.ts';

/** Less than what proxies wait for an answer (usually 30 s or 60 s). */
const mostWaitMs = 25_000;

export const getConnectAttemptRoute = defineRoute({
  method: 'GET',
  path: '/v1/connect/attempts/:id',
  summary: 'Says how an attempt at a provider goes; waits for its end when asked to.',
  tag: 'connect',
  access: 'connect',
  params: z.object({ id: z.uuid() }),
  query: z.object({
    waitMs: z.coerce
      .number()
      .int()
      .min(0)
      .max(mostWaitMs)
      .default(0)
      .describe('How long to hold the answer back while the attempt is pending, in milliseconds.'),
  }),
  answer: { status: 200, description: 'The attempt.', schema: connectAttemptSchema },
  errors: ['not_found'],
  async handle({ session, params, query, signal, requestId, reply }, { connect }) {
    const address = { id: params.id, sessionId: session.id };
    const ends = AbortSignal.any([signal, reply.server.closingSignal]);
    const row = await waitForAttempt(connect, address, { waitMs: query.waitMs, signal: ends });
    return showAttempt(connect, row, { requestId });
  },
});
