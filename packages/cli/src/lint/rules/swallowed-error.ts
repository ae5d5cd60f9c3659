import type { ts } from 'ts-morph';
import { readContextMethod } from '../context-call.ts';
import { listNodes, listOwnNodes } from '../list-nodes.ts';
import type { FoundFault, LintedFile, LintRule } from '../lint-rule.ts';
import { findSyncOptions, readText } from '../sync-options.ts';

const hint =
  'Throw it again, or read this part in `sync.partition(key, async (part) => ...)` without a catch: what a partition throws makes the run partial, and a partial run deletes nothing.';

/**
 * With `deletes: 'absence'`, what a run does not save is deleted. A catch that goes on as if nothing had been makes
 * records absent that only could not be read.
 */
export const swallowedError: LintRule = {
  name: 'swallowed-error',
  severity: 'error',
  *findFaults(file) {
    const { ts } = file;
    const options = findSyncOptions(file);
    if (readText(file, options, 'deletes') !== 'absence') return;
    for (const node of listNodes(ts, file.source, (inner) => !isWebhookHandler(inner))) {
      if (ts.isTryStatement(node) && node.catchClause !== undefined) yield* judgeTry(file, node, node.catchClause);
      else if (ts.isCallExpression(node)) yield* judgeCatchCall(file, node);
    }
  },
};

/** Absence is judged at the end of `run`; an event enumerates nothing. */
function isWebhookHandler(node: ts.Node): boolean {
  return 'name' in node && (node.name as ts.Node | undefined)?.getText?.() === 'onWebhook';
}

function* judgeTry(file: LintedFile, node: ts.TryStatement, clause: ts.CatchClause): Generator<FoundFault> {
  if (throws(file, clause.block)) return;
  const isLossy = reads(file, node.tryBlock) || (isInLoop(file, node) && skips(file, clause.block));
  if (!isLossy) return;
  yield {
    node: clause,
    message:
      "The catch hides that something was not read: the run counts as complete, and `deletes: 'absence'` deletes it.",
    hint,
  };
}

/** `sync.get(...).catch(() => undefined)`. */
function* judgeCatchCall(file: LintedFile, call: ts.CallExpression): Generator<FoundFault> {
  const { ts } = file;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'catch') return;
  const [handler] = call.arguments;
  if (handler === undefined || !reads(file, callee.expression)) return;
  if (ts.isFunctionLike(handler) && throws(file, handler)) return;
  yield {
    node: callee.name,
    message:
      "`.catch` hides that something was not read: the run counts as complete, and `deletes: 'absence'` deletes it.",
    hint,
  };
}

/** Whether it asks the provider, or saves. A partition alone tells of its failure by itself. */
function reads(file: LintedFile, node: ts.Node): boolean {
  const { ts } = file;
  for (const inner of listNodes(ts, node)) {
    if (ts.isForOfStatement(inner) && inner.awaitModifier !== undefined) return true;
    if (!ts.isCallExpression(inner)) continue;
    const method = readContextMethod(file, inner);
    if (method !== undefined && /^(?:get|post|put|patch|request|paginate|save|update|list|read)$/.test(method))
      return true;
    // A function of the file that is waited for reads as a rule.
    if (method === undefined && ts.isAwaitExpression(inner.parent)) return true;
  }
  return false;
}

function throws(file: LintedFile, block: ts.Node): boolean {
  for (const node of listOwnNodes(file.ts, block)) {
    if (file.ts.isThrowStatement(node)) return true;
    if (file.ts.isCallExpression(node) && node.expression.getText() === 'Promise.reject') return true;
  }
  return false;
}

function skips(file: LintedFile, block: ts.Block): boolean {
  const { ts } = file;
  for (const node of listOwnNodes(ts, block)) {
    if (ts.isContinueStatement(node) || ts.isBreakStatement(node)) return true;
  }
  return false;
}

function isInLoop(file: LintedFile, node: ts.Node): boolean {
  const { ts } = file;
  const found = ts.findAncestor(
    node.parent,
    (outer) => ts.isIterationStatement(outer, false) || ts.isFunctionLike(outer),
  );
  return found !== undefined && ts.isIterationStatement(found, false);
}
