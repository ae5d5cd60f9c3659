import type { SyncManifest } from '../contract/manifest.ts';
import type { CursorOptions, SyncDefinition } from '../define/define-sync.ts';
import type { RequestOptions } from '../define/script-requests.ts';
import { parseDuration } from '../define/duration.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { describeIssues } from './describe-issues.ts';
import { createPageWriter, type PageWriter } from './page-writer.ts';
import { prepareRecord, readRecordId } from './prepare-record.ts';
import { createRunCursor } from './run-cursor.ts';
import { createScriptContext } from './script-context.ts';
import type { SyncEnvironment } from './script-environment.ts';
import { untilAborted } from './until-aborted.ts';
import type { SyncResult } from './worker-protocol.ts';

/**
 * Runs a sync once: its records go out in pages while it runs, and all are committed when this resolves.
 * @returns what it did, as counted here
 * @throws TenonError `settings_invalid`, `record_invalid`, `model_unknown`; what commitPage threw; the signal's reason
 *   after an abort; whatever the script throws
 */
export async function runSyncScript(definition: SyncDefinition, environment: SyncEnvironment): Promise<SyncResult> {
  const { options } = definition;
  const { signal } = environment;
  const settings = await readSettings(definition, environment.settings);
  const cursorOptions = environment.cursorOptions ?? readCursorOptions(options.cursor);
  const start = environment.state?.cursor ?? cursorOptions?.initial ?? undefined;
  const cursor = cursorOptions
    ? createRunCursor({
        options: cursorOptions,
        start,
        onOutOfOrder: () =>
          environment.log(
            'warn',
            `Records do not come in ascending order of ${cursorOptions.field}; the cursor waits for the end of the run.`,
          ),
      })
    : undefined;
  const writer = createPageWriter({
    cursor,
    signal,
    nowMs: () => performance.now(),
    commitPage: (page) => environment.commitPage(page),
  });
  const calls = createCallQueue();
  const base = createScriptContext(environment);
  const context = {
    ...base,
    settings,
    cursor: cursorOptions ? start : undefined,
    save: (model: string, records: readonly unknown[]) =>
      calls.add(() => saveRecords({ definition, writer, signal }, model, records)),
    delete: (target: string, given?: ReadonlyArray<string | number> | RequestOptions) =>
      isIdList(given)
        ? calls.add(() => removeRecords({ definition, writer, signal }, target, given))
        : base.delete(target, given),
  };
  return untilAborted(signal, async () => {
    await options.run(context as unknown as Parameters<typeof options.run>[0]);
    await calls.drain();
    await writer.finish();
    return { read: writer.read(), partitions: { total: 0, failed: [] } };
  });
}

function isIdList(value: unknown): value is ReadonlyArray<string | number> {
  return Array.isArray(value);
}

interface Target {
  readonly definition: SyncDefinition;
  readonly writer: PageWriter;
  readonly signal: AbortSignal;
}

async function saveRecords(
  { definition, writer, signal }: Target,
  model: string,
  records: readonly unknown[],
): Promise<void> {
  const schema = findModel(definition, model);
  signal.throwIfAborted();
  for (const record of records) {
    const full = writer.save(model, prepareRecord(model, schema, record));
    if (full) await full;
  }
  await writer.flushOld();
}

async function removeRecords(
  { definition, writer, signal }: Target,
  model: string,
  ids: ReadonlyArray<string | number>,
): Promise<void> {
  findModel(definition, model);
  signal.throwIfAborted();
  for (const id of ids) {
    const full = writer.remove(model, readRecordId(model, id));
    if (full) await full;
  }
  await writer.flushOld();
}

function findModel({ options }: SyncDefinition, model: string): SyncDefinition['options']['models'][string] {
  const schema = Object.hasOwn(options.models, model) ? options.models[model] : undefined;
  if (schema) return schema;
  throw new TenonError('model_unknown', `The sync does not declare a model "${model}".`, {
    hint: `It declares ${Object.keys(options.models).join(', ')}. Add the model to \`models\`, or save to one of these.`,
  });
}

/**
 * One call after the other, also when the script forgets to await them; the run waits for all. A failed call fails the
 * run even where the script swallows its error: with `deletes: 'absence'` the missing records would be deleted.
 */
function createCallQueue(): { add(call: () => Promise<void>): Promise<void>; drain(): Promise<void> } {
  let tail = Promise.resolve();
  return {
    add(call) {
      tail = tail.then(call);
      // drain() reports the failure; a script that does not await it must not end its process by that.
      tail.catch(() => undefined);
      return tail;
    },
    drain: () => tail,
  };
}

async function readSettings({ options }: SyncDefinition, settings: unknown): Promise<unknown> {
  if (!options.settings) return undefined;
  const parsed = await options.settings.safeParseAsync(settings ?? {});
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error);
  throw new TenonError(
    'settings_invalid',
    `The connection's settings are not what the sync declares: ${issues.text}.`,
    {
      hint: 'Change the settings of the connection, or give the field a default in the sync.',
      details: { problems: issues.problems },
    },
  );
}

function readCursorOptions(options: CursorOptions | undefined): SyncManifest['cursor'] {
  if (!options) return null;
  return {
    field: options.field,
    initial: options.initial ?? null,
    order: options.order ?? 'unordered',
    lagMs: options.lag === undefined ? 0 : parseDuration(options.lag),
  };
}
