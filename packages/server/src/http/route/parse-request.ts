import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { TenonError } from '@tenon/runtime/errors';
import type { RouteDescription } from './route.ts';

interface RequestProblem {
  /** Such as `body.credentials.mode` or `query.limit`. */
  readonly path: string;
  readonly message: string;
}

const parts = ['params', 'query', 'body'] as const;

/**
 * Checks path, query and body against the route's schemas.
 * @throws TenonError `request_invalid` with every problem of all three
 */
export function parseRequest(
  schemas: Pick<RouteDescription, (typeof parts)[number]>,
  request: FastifyRequest,
): Record<(typeof parts)[number], unknown> {
  const parsed: Record<(typeof parts)[number], unknown> = { params: undefined, query: undefined, body: undefined };
  const problems: RequestProblem[] = [];
  for (const part of parts) {
    const schema = schemas[part];
    if (!schema) continue;
    if (part !== 'body') problems.push(...findNul(part, request[part]));
    // A body that was not sent reads as an empty object, so that the problems name the fields that are missing.
    const result = schema.safeParse(part === 'body' ? (request.body ?? {}) : request[part]);
    if (result.success) parsed[part] = result.data;
    else problems.push(...result.error.issues.flatMap((issue) => toProblems(part, issue)));
  }
  if (problems.length === 0) return parsed;
  const [first, ...others] = problems;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new TenonError('request_invalid', `${first?.path}: ${first?.message}${more}`, {
    hint: 'details.problems names each path and what was expected there; /openapi.json has the whole contract.',
    details: { problems },
  });
}

/** Postgres keeps a NUL in no text, so that nothing of that name can exist. */
function findNul(part: string, values: unknown): RequestProblem[] {
  return Object.entries(values ?? {}).flatMap(([name, value]) =>
    String(value).includes('\0') ? [{ path: `${part}.${name}`, message: 'Must not hold a NUL character' }] : [],
  );
}

/** Issues never quote the value that came: it may be a secret. */
function toProblems(part: string, issue: z.core.$ZodIssue): RequestProblem[] {
  return [{ path: [part, ...issue.path.map(String)].join('.'), message: issue.message }];
}
