import { parseDuration, previewTtlMs } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';

/**
 * Reads how long a preview shall live, such as `3d`.
 * @returns milliseconds
 * @throws TenonError `usage_invalid`
 */
export function parseTtl(text: string): number {
  const ttlMs = tryParse(text);
  if (ttlMs !== undefined && ttlMs >= previewTtlMs.shortest && ttlMs <= previewTtlMs.longest) return ttlMs;
  throw new TenonError('usage_invalid', `--ttl ${text} is not how long a preview can live.`, {
    hint: 'Write a time from 1h to 90d, such as 12h or 3d.',
  });
}

function tryParse(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
