import type { ts } from 'ts-morph';
import { listNodes, listOwnNodes } from '../list-nodes.ts';
import type { LintedFile, LintRule } from '../lint-rule.ts';
import { readAssigned } from '../read-assigned.ts';
import { skipWrapping } from '../skip-wrapping.ts';

/** A loop without a condition that nothing ends: the run goes on until its timeout, and asks the provider all along. */
export const unboundedLoop: LintRule = {
  name: 'unbounded-loop',
  severity: 'error',
  *findFaults(file) {
    const { ts } = file;
    for (const node of listNodes(ts, file.source)) {
      if (!ts.isIterationStatement(node, false) || !isEndless(file, node)) continue;
      const exits = [...listOwnNodes(ts, node.statement)].filter((inner) => leaves(file, inner, node));
      if (exits.some((exit) => dependsOnLoop(file, exit, node))) continue;
      yield {
        node,
        message:
          exits.length === 0
            ? 'Nothing ends this loop but the timeout of the run.'
            : 'What would end this loop depends on nothing that changes in it.',
        hint: 'Leave it with `break` or `return` when the answer says that there is no more; for the pages of a list, `paginate` knows when to stop.',
      };
    }
  },
};

function isEndless({ ts }: LintedFile, node: ts.IterationStatement): boolean {
  if (ts.isForStatement(node)) return node.condition === undefined || node.condition.kind === ts.SyntaxKind.TrueKeyword;
  if (!ts.isWhileStatement(node) && !ts.isDoStatement(node)) return false;
  const condition = skipWrapping(ts, node.expression);
  return condition.kind === ts.SyntaxKind.TrueKeyword || (ts.isNumericLiteral(condition) && condition.text !== '0');
}

function leaves({ ts }: LintedFile, node: ts.Node, loop: ts.IterationStatement): boolean {
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return true;
  if (!ts.isBreakStatement(node)) return false;
  const label = node.label?.text;
  if (label !== undefined) {
    const owner = ts.findAncestor(node, (outer) => ts.isLabeledStatement(outer) && outer.label.text === label);
    return owner !== undefined && owner.pos <= loop.pos && owner.end >= loop.end;
  }
  const owner = ts.findAncestor(node, (outer) => ts.isIterationStatement(outer, false) || ts.isSwitchStatement(outer));
  return owner === loop;
}

/** Whether the conditions around an exit read anything that the loop declares, changes or calls. */
function dependsOnLoop(file: LintedFile, exit: ts.Node, loop: ts.IterationStatement): boolean {
  const { ts } = file;
  const changed = listChanged(file, loop);
  let isConditional = false;
  for (let node = exit; node !== loop; node = node.parent) {
    const outer = node.parent;
    const condition =
      ts.isIfStatement(outer) && node !== outer.expression
        ? outer.expression
        : ts.isCaseBlock(outer)
          ? outer.parent.expression
          : undefined;
    // What a nested loop or a catch depends on is not known here.
    if (ts.isCatchClause(outer) || (outer !== loop && ts.isIterationStatement(outer, false))) return true;
    if (condition === undefined) continue;
    isConditional = true;
    for (const inner of listNodes(ts, condition)) {
      if (ts.isCallExpression(inner) || ts.isAwaitExpression(inner) || ts.isPropertyAccessExpression(inner))
        return true;
      if (ts.isIdentifier(inner) && changed.has(inner.text)) return true;
    }
  }
  return !isConditional;
}

/** Names that the loop declares or assigns. */
function listChanged({ ts }: Pick<LintedFile, 'ts'>, loop: ts.Node): Set<string> {
  const changed = new Set<string>();
  const add = (target: ts.Node) => {
    for (const node of listNodes(ts, target)) if (ts.isIdentifier(node)) changed.add(node.text);
  };
  for (const node of listNodes(ts, loop)) {
    if (ts.isVariableDeclaration(node)) add(node.name);
    const target = readAssigned(ts, node);
    if (target !== undefined) add(target);
  }
  return changed;
}
