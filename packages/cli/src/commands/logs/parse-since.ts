import { parseDuration } from '@tenon/runtime/contract';
import { InvalidArgumentError } from 'commander';

/** Reads `2h` as two hours ago, and anything else as a time. */
export function parseSince(text: string): Date {
  try {
    return new Date(Date.now() - parseDuration(text));
  } catch {
    const at = new Date(text);
    if (!Number.isNaN(at.getTime())) return at;
    throw new InvalidArgumentError('Give a duration such as 30m or 2h, or a time such as 2026-01-31T12:00:00Z.');
  }
}
