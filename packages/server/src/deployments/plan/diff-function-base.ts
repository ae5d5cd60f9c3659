import type { FunctionManifest } from '@tenon/runtime/contract';
import type { Finding } from './finding.ts';
import { formatDuration } from './format-duration.ts';

/** What differs in what every function has: code, place, description, deadline. */
export function diffFunctionBase(before: FunctionManifest, after: FunctionManifest): Finding[] {
  const reasons: string[] = [];
  if (before.bundle !== after.bundle) reasons.push('code');
  if (before.source !== after.source) reasons.push(`moved ${before.source} -> ${after.source}`);
  if (before.description !== after.description) reasons.push('description');
  if (before.timeoutMs !== after.timeoutMs) {
    reasons.push(`timeout ${formatDuration(before.timeoutMs)} -> ${formatDuration(after.timeoutMs)}`);
  }
  return reasons.map((reason) => ({ reason, class: 'safe' }));
}
