import { TenonError, type ErrorCode } from '@tenon/runtime/errors';

const awayCodes: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'server_connection_lost',
  'server_timeout',
  'server_gateway_failed',
  'server_answer_truncated',
  'unavailable',
]);

/** Whether the server could not be reached just now, and may be back in a moment, as during a restart. */
export function isServerAway(error: unknown): boolean {
  return error instanceof TenonError && awayCodes.has(error.code);
}
