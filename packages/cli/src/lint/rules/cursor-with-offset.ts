import type { ts } from 'ts-morph';
import { readContextMethod } from '../context-call.ts';
import { listNodes } from '../list-nodes.ts';
import type { LintedFile, LintRule } from '../lint-rule.ts';
import { findSyncOptions, readProperty, readText } from '../sync-options.ts';

/** A record that changes moves to another page, and the one after it is skipped (docs/semantics.md). */
export const cursorWithOffset: LintRule = {
  name: 'cursor-with-offset',
  severity: 'warning',
  *findFaults(file) {
    const { ts } = file;
    const options = findSyncOptions(file);
    if (options === undefined || !options.properties.some((property) => property.name?.getText() === 'cursor')) return;
    for (const node of listNodes(ts, options)) {
      if (!ts.isCallExpression(node) || readContextMethod(file, node) !== 'paginate') continue;
      const style = readStyle(file, node);
      if (style !== 'offset' && style !== 'page') continue;
      yield {
        node,
        message: `The sync has a cursor and pages by ${style === 'offset' ? 'offset' : 'page number'}: a record that changes meanwhile moves to another page, and the one after it is skipped.`,
        hint: "Page by key (the styles `cursor`, `link` and `next_url`) if the provider can; otherwise leave the cursor out and read everything, with `deletes: 'absence'`.",
      };
    }
  },
};

/** The call's own style, or the provider's. */
function readStyle(file: LintedFile, call: ts.CallExpression): string | undefined {
  const pagination = readProperty(file, call.arguments[1], 'pagination');
  return readText(file, pagination, 'style') ?? file.paginationStyle;
}
