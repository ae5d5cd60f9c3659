import { z } from 'zod';

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected a header name');
/** RFC 9110 section 5.5, without what would end the header. */
const headerValue = z.string().regex(/^[^\0\r\n]*$/, 'expected a text without line breaks');

/** What beforeRequest answers. */
export const requestChangeSchema = z
  .strictObject({
    method: z
      .string()
      .regex(/^[A-Za-z]+$/)
      .optional(),
    url: z.url().optional(),
    headers: z.record(headerName, headerValue.nullable()).optional(),
    body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  })
  .optional();

const milliseconds = z.number().int().nonnegative();
const seconds = z.number().positive();

/** What obtainToken and renewToken answer. */
export const newHookTokenSchema = z
  .strictObject({
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1).optional(),
    expiresAtMs: milliseconds.optional(),
    expiresInSeconds: seconds.optional(),
    refreshExpiresAtMs: milliseconds.optional(),
    refreshExpiresInSeconds: seconds.optional(),
    scopes: z.array(z.string()).optional(),
    fields: z.record(z.string(), z.string()).optional(),
  })
  .refine(
    ({ expiresAtMs, expiresInSeconds }) => expiresAtMs === undefined || expiresInSeconds === undefined,
    'expected either expiresAtMs or expiresInSeconds',
  )
  .refine(
    ({ refreshExpiresAtMs: at, refreshExpiresInSeconds: after }) => at === undefined || after === undefined,
    'expected either refreshExpiresAtMs or refreshExpiresInSeconds',
  );

/** What afterConnect answers. */
export const capturedValuesSchema = z.record(
  z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, 'expected a name such as accountId'),
  z.string().min(1).max(2_000),
);
