import type { FastifyRequest } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectContext } from '../../../connect/connect-context.ts';
import { requireOrigin } from '../../../connect/origins.ts';
import { findSession, type ConnectSessionOwner } from '../../../connect/sessions/find-session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that ask for the token of a connect session. */
    session: ConnectSessionOwner | null;
  }
}

/**
 * Tells whose session a request is of. No cookie takes part in it, so no other page can have a browser send it.
 * @throws TenonError `connect_session_invalid`, `origin_refused`
 */
export function createConnectSessionReader(context: ConnectContext) {
  return async function readConnectSession(request: FastifyRequest): Promise<ConnectSessionOwner> {
    const token = /^Bearer +(tcs_\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new TenonError('connect_session_invalid', 'There is no token of a connect session in the request.', {
        hint: 'Send "Authorization: Bearer tcs_...", as POST /v1/connect/sessions gave it.',
      });
    }
    const session = await findSession(context, token);
    const { origin } = request.headers;
    await requireOrigin(context, { origin, environmentId: session.environmentId });
    return session;
  };
}
