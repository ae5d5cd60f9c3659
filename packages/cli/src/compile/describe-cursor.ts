import { parseDuration, type SyncManifest } from '@tenon/runtime/contract';
import type { Reporter } from './problem-reporter.ts';
import { isObject } from './read-definition.ts';

const orders = ['ascending', 'descending', 'unordered'] as const;

/** Reads where a sync goes on; null: it has no cursor, or one that was reported. */
export function describeCursor(
  cursor: unknown,
  { models, reporter }: { models: SyncManifest['models']; reporter: Reporter },
): SyncManifest['cursor'] {
  if (cursor === undefined) return null;
  if (!isObject(cursor) || typeof cursor['field'] !== 'string') {
    reporter.report('A cursor needs a field.', { at: ['cursor'], hint: "Write `cursor: { field: 'updatedAt' }`." });
    return null;
  }
  const { field, initial = null, order: given = 'unordered', lag } = cursor;
  for (const model of models) {
    if (!isObject(model.schema['properties']) || !(field in model.schema['properties'])) {
      reporter.report(`Model ${model.name} has no "${field}", which is the cursor's field.`, {
        at: ['cursor', 'field'],
        hint: `Add "${field}" to the model, or name a field that every model of the sync has.`,
      });
    }
  }
  const order = orders.find((one) => one === given);
  if (order === undefined) {
    reporter.report('The order of a cursor is ascending, descending or unordered.', { at: ['cursor', 'order'] });
  }
  const lagMs = lag === undefined ? 0 : (reporter.attempt(['cursor', 'lag'], () => parseDuration(String(lag))) ?? 0);
  if (initial !== null && typeof initial !== 'string' && typeof initial !== 'number') {
    reporter.report('A cursor starts at a text or a number.', { at: ['cursor', 'initial'] });
    return null;
  }
  return order === undefined ? null : { field, initial, order, lagMs };
}
