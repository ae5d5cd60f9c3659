import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiKeyOwner } from '../../credentials/api-keys/find-api-key.ts';
import type { ConnectSessionOwner } from '../../connect/sessions/find-session.ts';
import type { AppContext } from '../app-context.ts';
import { disconnectSignal } from './disconnect-signal.ts';
import { parseRequest } from './parse-request.ts';
import type { Route, RouteDescription } from './route.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

export interface RouteRequest<Params, Query, Body> {
  readonly params: Parsed<Params>;
  readonly query: Parsed<Query>;
  readonly body: Parsed<Body>;
  readonly requestId: string;
  /** That the request comes from. */
  readonly address: string;
  /** Whose key it is. */
  readonly caller: ApiKeyOwner;
  /** Whose token it is, on routes of connect sessions. */
  readonly session: ConnectSessionOwner;
  /** Aborted when the client goes away before it is answered. */
  readonly signal: AbortSignal;
  /** Tells the audit log more than which fields were sent; no secrets. */
  note(details: Readonly<Record<string, unknown>>): void;
  /** For routes that write their answer themselves. */
  readonly reply: FastifyReply;
}

interface RouteOptions<
  Params extends z.ZodObject | undefined,
  Query extends z.ZodObject | undefined,
  Body extends z.ZodType | undefined,
> extends RouteDescription {
  readonly params?: NonNullable<Params>;
  readonly query?: NonNullable<Query>;
  readonly body?: NonNullable<Body>;
  handle(request: RouteRequest<Params, Query, Body>, context: AppContext): Promise<unknown>;
}

/**
 * Declares a route once, for the server and for the API document. The handler gets values that passed their schemas;
 * it answers by returning, and refuses by throwing a TenonError.
 */
export function defineRoute<
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>({ handle, ...description }: RouteOptions<Params, Query, Body>): Route {
  return {
    ...description,
    async execute(request, reply, context) {
      const { params, query, body } = parseRequest(description, request);
      return handle(
        {
          // Parsed by the very schemas that these types are inferred from.
          params: params as Parsed<Params>,
          query: query as Parsed<Query>,
          body: body as Parsed<Body>,
          requestId: request.id,
          address: request.ip,
          get caller() {
            if (request.caller) return request.caller;
            throw new TenonError('unauthorized', 'This route needs an API key.');
          },
          get session() {
            if (request.session) return request.session;
            throw new TenonError('connect_session_invalid', 'This route needs the token of a connect session.');
          },
          get signal() {
            return disconnectSignal(reply);
          },
          note: (details) => void (request.auditDetails = { ...request.auditDetails, ...details }),
          reply,
        },
        context,
      );
    },
  };
}
