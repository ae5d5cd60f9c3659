import { TenonError } from '../errors/tenon-error.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A span of time as scripts write it: `30s`, `15m`, `1h`, `7d`. */
export type Duration = `${number}${keyof typeof unitMs}`;

/**
 * Reads a duration such as `15m`.
 * @returns milliseconds
 * @throws TenonError `definition_invalid` when the text is not a whole number followed by s, m, h or d
 */
export function parseDuration(text: string): number {
  const match = /^(\d+)([smhd])$/.exec(text.trim());
  if (!match) {
    throw new TenonError('definition_invalid', `"${text}" is not a duration.`, {
      hint: 'Write a whole number and a unit, such as 30s, 15m, 1h or 7d.',
    });
  }
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}
