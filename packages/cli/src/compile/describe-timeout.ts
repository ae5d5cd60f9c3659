import { parseDuration } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';

/**
 * Reads how long a run may take.
 * @returns milliseconds
 * @throws TenonError `definition_invalid`
 */
export function describeTimeout(timeout: unknown, defaultMs: number): number {
  if (timeout === undefined) return defaultMs;
  const ms = parseDuration(String(timeout));
  if (ms > 0) return ms;
  throw new TenonError('definition_invalid', 'A timeout of nothing ends every run at once.', {
    hint: 'Write a duration such as 30s or 15m, or leave it out.',
  });
}
