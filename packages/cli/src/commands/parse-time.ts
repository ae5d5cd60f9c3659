import { TenonError } from '@tenon/runtime/errors';

/**
 * Reads a flag that takes a time.
 * @returns ISO 8601 in UTC
 * @throws TenonError `usage_invalid`
 */
export function parseTime(text: string, flag: string): string {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new TenonError('usage_invalid', `${flag} ${text} is not a time.`, {
    hint: 'Write one such as 2026-01-31T12:00:00Z.',
  });
}
