import {
  defaultAirbag,
  defaultRetryPolicy,
  overlapSchema,
  parseDuration,
  type SyncManifest,
} from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { findUnknownKeys } from './find-unknown-keys.ts';
import type { Reporter } from './problem-reporter.ts';
import { isObject, type RawOptions } from './read-definition.ts';

type RunPolicy = Pick<SyncManifest, 'overlap' | 'airbag' | 'retry' | 'concurrency'>;

/** Reads what happens round the runs of a sync: overlap, airbag, retries, concurrency; checks the quarantine's share. */
export function describeRunPolicy(options: RawOptions, reporter: Reporter): RunPolicy {
  const read = <Value>(name: string, fallback: Value, describe: (option: Record<string, unknown>) => Value): Value => {
    const option = options[name];
    if (option === undefined) return fallback;
    return reporter.attempt([name], () => describe(requireObject(option))) ?? fallback;
  };
  const overlap = overlapSchema.safeParse(options['overlap'] ?? 'skip');
  if (!overlap.success) {
    reporter.report(`overlap is ${overlapSchema.options.map((one) => `'${one}'`).join(', ')}.`, { at: ['overlap'] });
  }
  read('quarantine', null, (option) => {
    refuseUnknown(option, ['share']);
    requireShare(option['share']);
    return null;
  });
  return {
    overlap: overlap.data ?? 'skip',
    airbag: options['airbag'] === false ? null : read('airbag', defaultAirbag, describeAirbag),
    retry: read('retry', defaultRetryPolicy, describeRetry),
    concurrency: read('concurrency', null, describeConcurrency),
  };
}

function describeAirbag(option: Record<string, unknown>): NonNullable<SyncManifest['airbag']> {
  refuseUnknown(option, ['share', 'atLeast']);
  const { share = defaultAirbag.share, atLeast = defaultAirbag.atLeast } = option;
  return { share: requireShare(share), atLeast: requireWhole('atLeast', atLeast, { from: 0 }) };
}

function describeRetry(option: Record<string, unknown>): SyncManifest['retry'] {
  refuseUnknown(option, ['attempts', 'backoff', 'maxBackoff']);
  const { attempts = defaultRetryPolicy.attempts, backoff, maxBackoff } = option;
  const backoffMs = backoff === undefined ? defaultRetryPolicy.backoffMs : requirePause('backoff', backoff);
  const longestMs = maxBackoff === undefined ? defaultRetryPolicy.maxBackoffMs : requirePause('maxBackoff', maxBackoff);
  if (maxBackoff !== undefined && longestMs < backoffMs) {
    throw new TenonError('definition_invalid', 'maxBackoff is shorter than backoff.', {
      hint: 'backoff is the first pause, maxBackoff the longest.',
    });
  }
  return {
    attempts: requireWhole('attempts', attempts, { from: 1, to: 20 }),
    backoffMs,
    maxBackoffMs: Math.max(backoffMs, longestMs),
  };
}

function describeConcurrency(option: Record<string, unknown>): NonNullable<SyncManifest['concurrency']> {
  refuseUnknown(option, ['key', 'limit']);
  const { key, limit } = option;
  if (typeof key !== 'string' || key === '' || key.length > 100) {
    throw new TenonError('definition_invalid', 'concurrency needs a key of 1 to 100 characters.', {
      hint: "Write { key: 'reports', limit: 2 }.",
    });
  }
  return { key, limit: requireWhole('limit', limit, { from: 1 }) };
}

function requireObject(option: unknown): Record<string, unknown> {
  if (isObject(option)) return option;
  throw new TenonError('definition_invalid', 'It is not an object.');
}

function refuseUnknown(option: Record<string, unknown>, known: readonly string[]): void {
  const unknown = findUnknownKeys(option, known);
  if (unknown !== undefined) throw new TenonError('definition_invalid', unknown);
}

function requireShare(share: unknown): number {
  if (typeof share === 'number' && share >= 0 && share <= 1) return share;
  throw new TenonError('definition_invalid', 'A share is a number from 0 to 1.', { hint: 'Write 0.2 for 20 %.' });
}

function requireWhole(name: string, value: unknown, { from, to }: { from: number; to?: number }): number {
  const isWhole =
    typeof value === 'number' && Number.isInteger(value) && value >= from && (to === undefined || value <= to);
  if (isWhole) return value;
  const range = to === undefined ? `from ${from} on` : `from ${from} to ${to}`;
  throw new TenonError('definition_invalid', `${name} is a whole number ${range}.`);
}

function requirePause(name: string, pause: unknown): number {
  const ms = parseDuration(String(pause));
  if (ms > 0) return ms;
  throw new TenonError('definition_invalid', `${name} is longer than nothing.`, {
    hint: 'Write a duration such as 10s.',
  });
}
