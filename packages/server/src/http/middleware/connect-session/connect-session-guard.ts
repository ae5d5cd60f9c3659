import type { FastifyReply, FastifyRequest } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import { sessionActor } from '../../../connect/sessions/session-actor.ts';
import type { ConnectContext } from '../../../connect/connect-context.ts';
import { requireOrigin } from '../../../connect/origins.ts';
import { findSession, type ConnectSessionOwner } from '../../../connect/sessions/find-session.ts';
import type { Route } from '../../route/route.ts';
import { allowOrigin } from '../cross-origin/cross-origin.ts';
import { limitRate } from '../rate-limit/limit-rate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that ask for the token of a connect session. */
    session: ConnectSessionOwner | null;
  }
}

/** By address: what one office behind one address may need, and a guard against floods of made-up tokens. */
const sessionLimit = { requests: 600, windowMs: 60_000 };
/** By session: enough for somebody who mistypes, too little to try keys with. */
const providerLimit = { requests: 30, windowMs: 60_000 };

/**
 * Lets a request pass that has the token of a connect session, from a page that may use it. No cookie takes part in
 * it, so no other page can have a browser send it.
 */
export function createConnectSessionGuard(context: ConnectContext) {
  const { now } = context.connections;
  const limitAddress = limitRate({ ...sessionLimit, now });
  const limitSession = limitRate({ ...providerLimit, by: ({ session }) => `session ${session?.id}`, now });

  /** @throws TenonError `rate_limited`, `connect_session_invalid`, `origin_refused` */
  return async function guardSession(
    request: FastifyRequest,
    { reply, route }: { reply: FastifyReply; route: Pick<Route, 'connectCalls'> },
  ): Promise<void> {
    await limitAddress(request);
    const session = await findSession(context, readToken(request));
    request.session = session;
    request.actor = sessionActor(session);
    const { origin } = request.headers;
    await requireOrigin(context, { origin, environmentId: session.environmentId });
    if (origin !== undefined) allowOrigin(reply, origin);
    if (route.connectCalls === 'provider') await limitSession(request);
  };
}

function readToken({ headers }: FastifyRequest): string {
  const token = /^Bearer +(tcs_\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined) return token;
  throw new TenonError('connect_session_invalid', 'There is no token of a connect session in the request.', {
    hint: 'Send "Authorization: Bearer tcs_...", as POST /v1/connect/sessions gave it.',
  });
}
