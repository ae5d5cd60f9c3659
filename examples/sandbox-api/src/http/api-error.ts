import type { z } from 'zod';

/** An answer that refuses: `{ error: { code, message, details? } }` with the status. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: unknown;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { headers?: Record<string, string>; details?: unknown } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.details = more.details;
  }

  get body(): { error: { code: string; message: string; details?: unknown } } {
    const error = { code: this.code, message: this.message };
    return { error: this.details === undefined ? error : { ...error, details: this.details } };
  }
}

/** @throws ApiError 400 (query) or 422 (body) that lists every problem with its path */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, part: 'query' | 'body') {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new ApiError(part === 'query' ? 400 : 422, `invalid_${part}`, `The ${part} is not valid.`, { details });
}
