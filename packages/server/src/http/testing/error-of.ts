import { expect } from 'vitest';
import { errorBodySchema, type ErrorBody } from '@tenon/runtime/contract';
import { errorRegistry, isErrorCode } from '@tenon/runtime/errors';
import type { Answer } from './http-room.ts';

/** The error of an answer, whose shape and status must be what the registry says. */
export function errorOf(answer: Answer): ErrorBody['error'] {
  const { error } = errorBodySchema.parse(answer.body);
  if (!isErrorCode(error.code)) throw new Error(`${error.code} is not in the registry.`);
  expect(answer.status).toBe(errorRegistry[error.code].status);
  expect(answer.headers['x-request-id']).toBe(error.requestId);
  expect(answer.text).not.toMatch(/\bat .*\.(ts|js):\d+/);
  return error;
}
