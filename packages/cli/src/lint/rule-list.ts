import type { LintRule } from './lint-rule.ts';
import { cursorWithOffset } from './rules/cursor-with-offset.ts';
import { directRequest } from './rules/direct-request.ts';
import { handWrittenPagination } from './rules/hand-written-pagination.ts';
import { missingAwait } from './rules/missing-await.ts';
import { secretInSource } from './rules/secret-in-source.ts';
import { swallowedError } from './rules/swallowed-error.ts';
import { unboundedLoop } from './rules/unbounded-loop.ts';
import { unorderedCursor } from './rules/unordered-cursor.ts';
import { volatileField } from './rules/volatile-field.ts';

/** Every rule but `ignore-comment`, which judges what became of the others (ignore-comments.ts). */
export const ruleList: readonly LintRule[] = [
  missingAwait,
  unorderedCursor,
  cursorWithOffset,
  swallowedError,
  volatileField,
  unboundedLoop,
  handWrittenPagination,
  secretInSource,
  directRequest,
];
