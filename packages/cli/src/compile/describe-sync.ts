import {
  defaultAirbag,
  defaultRetryPolicy,
  parseDuration,
  parseSchedule,
  type SyncManifest,
} from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { describeModels } from './describe-models.ts';
import { describeSchema } from './describe-schema.ts';
import { describeTimeout } from './describe-timeout.ts';
import type { Reporter } from './problem-reporter.ts';
import { isObject, type RawOptions } from './read-definition.ts';

type FunctionBase = Pick<SyncManifest, 'integration' | 'name' | 'source' | 'bundle'>;

const defaultTimeoutMs = 3_600_000;

/** Reads and checks the options of a sync. What is returned is to be used only when nothing was reported. */
export function describeSync(
  base: FunctionBase,
  { options, reporter }: { options: RawOptions; reporter: Reporter },
): SyncManifest {
  const models = describeModels(options['models'], reporter);
  const cursor = describeCursor(options['cursor'], { models, reporter });
  const deletes = describeDeletes(options, reporter);
  return {
    kind: 'sync',
    ...base,
    ...(typeof options['description'] === 'string' && { description: options['description'] }),
    models,
    schedule: reporter.attempt(['schedule'], () => describeSchedule(options['schedule'])) ?? null,
    settings:
      options['settings'] === undefined
        ? null
        : (reporter.attempt(['settings'], () => describeSchema(options['settings'], 'input')) ?? null),
    cursor,
    deletes,
    airbag: defaultAirbag,
    overlap: 'skip',
    retry: defaultRetryPolicy,
    concurrency: null,
    hasWebhook: false,
    timeoutMs:
      reporter.attempt(['timeout'], () => describeTimeout(options['timeout'], defaultTimeoutMs)) ?? defaultTimeoutMs,
  };
}

function describeSchedule(schedule: unknown): SyncManifest['schedule'] {
  if (schedule === undefined) return null;
  if (typeof schedule === 'string') return parseSchedule(schedule as Parameters<typeof parseSchedule>[0]);
  if (!isObject(schedule) || typeof schedule['cron'] !== 'string') {
    throw new TenonError('definition_invalid', 'It is neither an interval nor a cron expression.', {
      hint: "Write 'every 15m' or { cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' }.",
    });
  }
  const timezone = schedule['timezone'] === undefined ? 'UTC' : String(schedule['timezone']);
  requireTimezone(timezone);
  return parseSchedule({ cron: schedule['cron'], timezone });
}

function requireTimezone(timezone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw new TenonError('definition_invalid', `"${timezone}" is not a time zone.`, {
      hint: 'Write an IANA name such as Europe/Berlin.',
      cause: error,
    });
  }
}

function describeCursor(
  cursor: unknown,
  { models, reporter }: { models: SyncManifest['models']; reporter: Reporter },
): SyncManifest['cursor'] {
  if (cursor === undefined) return null;
  if (!isObject(cursor) || typeof cursor['field'] !== 'string') {
    reporter.report('A cursor needs a field.', { at: ['cursor'], hint: "Write `cursor: { field: 'updatedAt' }`." });
    return null;
  }
  const { field, initial = null, order = 'unordered', lag } = cursor;
  for (const model of models) {
    if (!isObject(model.schema['properties']) || !(field in model.schema['properties'])) {
      reporter.report(`Model ${model.name} has no "${field}", which is the cursor's field.`, {
        at: ['cursor', 'field'],
        hint: `Add "${field}" to the model, or name a field that every model of the sync has.`,
      });
    }
  }
  if (order !== 'ascending' && order !== 'unordered') {
    reporter.report('The order of a cursor is ascending or unordered.', { at: ['cursor', 'order'] });
    return null;
  }
  if (initial !== null && typeof initial !== 'string' && typeof initial !== 'number') {
    reporter.report('A cursor starts at a text or a number.', { at: ['cursor', 'initial'] });
    return null;
  }
  const lagMs = lag === undefined ? 0 : (reporter.attempt(['cursor', 'lag'], () => parseDuration(String(lag))) ?? 0);
  return { field, initial, order, lagMs };
}

function describeDeletes(options: RawOptions, reporter: Reporter): SyncManifest['deletes'] {
  const deletes = options['deletes'] ?? 'none';
  if (deletes !== 'none' && deletes !== 'feed' && deletes !== 'absence') {
    reporter.report("deletes is 'none', 'feed' or 'absence'.", { at: ['deletes'] });
    return 'none';
  }
  if (deletes === 'absence' && options['cursor'] !== undefined) {
    reporter.report(
      "deletes: 'absence' cannot be combined with a cursor: a run with a cursor does not see everything.",
      {
        at: ['deletes'],
        hint: 'Remove the cursor to read everything each time, or delete with sync.delete().',
      },
    );
  }
  return deletes;
}
