import type { SyncManifest } from '@tenon/runtime/contract';
import { describeCursor } from './describe-cursor.ts';
import { describeDeletes } from './describe-deletes.ts';
import { describeModelOptions } from './describe-model-options.ts';
import { describeModels } from './describe-models.ts';
import { describeRunPolicy } from './describe-run-policy.ts';
import { describeSchedule } from './describe-schedule.ts';
import { describeSchema } from './describe-schema.ts';
import { describeRename } from './describe-rename.ts';
import { describeTimeout } from './describe-timeout.ts';
import type { Reporter } from './problem-reporter.ts';
import type { RawOptions } from './read-definition.ts';

type FunctionBase = Pick<SyncManifest, 'integration' | 'name' | 'source' | 'bundle'>;

const defaultTimeoutMs = 3_600_000;

/** Reads and checks the options of a sync. What is returned is to be used only when nothing was reported. */
export function describeSync(
  base: FunctionBase,
  { options, reporter }: { options: RawOptions; reporter: Reporter },
): SyncManifest {
  const declared = describeModels(options['models'], reporter);
  const models = describeModelOptions(options['modelOptions'], { models: declared, reporter });
  if (options['checkpoint'] !== undefined) {
    reporter.attempt(['checkpoint'], () => describeSchema(options['checkpoint'], 'output'));
  }
  if (options['onWebhook'] !== undefined && typeof options['onWebhook'] !== 'function') {
    reporter.report('onWebhook is not a function.', {
      at: ['onWebhook'],
      hint: 'Write `async onWebhook(sync, event) { ... }`.',
    });
  }
  return {
    kind: 'sync',
    ...base,
    ...(typeof options['description'] === 'string' && { description: options['description'] }),
    ...describeRename(options['renamedFrom'], reporter),
    models,
    schedule: reporter.attempt(['schedule'], () => describeSchedule(options['schedule'])) ?? null,
    settings:
      options['settings'] === undefined
        ? null
        : (reporter.attempt(['settings'], () => describeSchema(options['settings'], 'input')) ?? null),
    cursor: describeCursor(options['cursor'], { models, reporter }),
    ...describeDeletes(options, reporter),
    ...describeRunPolicy(options, reporter),
    hasWebhook: typeof options['onWebhook'] === 'function',
    timeoutMs:
      reporter.attempt(['timeout'], () => describeTimeout(options['timeout'], defaultTimeoutMs)) ?? defaultTimeoutMs,
  };
}
