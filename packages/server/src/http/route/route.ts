import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ApiScope } from '@tenon/runtime/contract';
import type { ErrorCode } from '@tenon/runtime/errors';
import type { AppContext } from '../app-context.ts';

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a route answers with when all goes well. */
export interface RouteAnswer {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Of JSON; absent: no body. */
  readonly schema?: z.ZodType;
  /** Of answers that are not JSON. */
  readonly contentType?: string;
}

/** What the API document says of a route; the server's behaviour follows from the same lines. */
export interface RouteDescription {
  readonly method: RouteMethod;
  /** With parameters as `:name`. */
  readonly path: `/v1/${string}`;
  readonly summary: string;
  readonly tag: string;
  /** `public`: nothing is asked for; `connect`: the token of a connect session, by the routes of the hosted page. */
  readonly access: 'public' | 'key' | 'connect';
  /** What the API key must be for; `any`: every key will do. Required where a key is asked for. */
  readonly scope?: ApiScope | 'any';
  /** How the audit log calls it, such as `connection.create`; false: it changes nothing. Required but of GET. */
  readonly audit?: string | false;
  /** Of a connect session: what asks a provider is counted, since keys could be tried with it. */
  readonly connectCalls?: 'provider';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Of a body that is not JSON. */
  readonly bodyContentType?: string;
  /** Bytes; absent: the server's default. */
  readonly bodyLimit?: number;
  readonly answer: RouteAnswer;
  /** What it fails with beside what every route may fail with. */
  readonly errors: readonly ErrorCode[];
}

export interface Route extends RouteDescription {
  /** Checks the request and does the work; what it resolves with is sent with `answer.status`. */
  execute(request: FastifyRequest, reply: FastifyReply, context: AppContext): Promise<unknown>;
}
