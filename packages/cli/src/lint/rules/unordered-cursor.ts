import { findSyncOptions, readProperty, readText } from '../sync-options.ts';
import type { LintRule } from '../lint-rule.ts';

/** A list in no order changes behind the reader, and the cursor passes what changed (docs/semantics.md). */
export const unorderedCursor: LintRule = {
  name: 'unordered-cursor',
  severity: 'warning',
  *findFaults(file) {
    const cursor = readProperty(file, findSyncOptions(file), 'cursor');
    if (cursor === undefined || !file.ts.isObjectLiteralExpression(cursor)) return;
    if (cursor.properties.some((property) => file.ts.isSpreadAssignment(property))) return;
    const names = new Set(cursor.properties.map((property) => property.name?.getText()));
    const order = readText(file, cursor, 'order');
    if (names.has('lag') || (names.has('order') && order !== 'unordered')) return;
    // A cursor of numbers knows no lag.
    const initial = readProperty(file, cursor, 'initial');
    if (initial !== undefined && file.ts.isNumericLiteral(initial)) return;
    yield {
      node: cursor,
      message: `The cursor reads an unordered list${order === undefined ? ' (the default)' : ''} without a lag: what changes on a page that was read already may be passed over.`,
      hint: "Add `lag: '5m'`, longer than a read takes, or say `order: 'ascending'` or `'descending'` if the provider sorts by the cursor's field.",
    };
  },
};
