import { formatTime } from '../../output/format-time.ts';

const hourMs = 3_600_000;

/** When a preview ends, and how long that is from now: `2026-11-23 13:05:09 UTC, in 3 days`. */
export function describeExpiry(expiresAt: string, nowMs = Date.now()): string {
  const hours = (Date.parse(expiresAt) - nowMs) / hourMs;
  return `${formatTime(expiresAt)} UTC, ${describeLeft(hours)}`;
}

function describeLeft(hours: number): string {
  if (hours <= 0) return 'any moment now';
  if (hours < 1) return 'in less than an hour';
  if (hours < 48) return `in ${Math.round(hours)} h`;
  return `in ${Math.round(hours / 24)} days`;
}
