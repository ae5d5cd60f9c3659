import type { ts } from 'ts-morph';
import { readContextMethod } from '../context-call.ts';
import { findDeclaration } from '../find-declaration.ts';
import { listNodes, listOwnNodes } from '../list-nodes.ts';
import type { LintedFile, LintRule } from '../lint-rule.ts';
import { readAssigned } from '../read-assigned.ts';

/** A loop that asks for one page after the other, where `paginate` would. */
export const handWrittenPagination: LintRule = {
  name: 'hand-written-pagination',
  severity: 'warning',
  *findFaults(file) {
    const { ts } = file;
    for (const node of listNodes(ts, file.source)) {
      if (!ts.isWhileStatement(node) && !ts.isDoStatement(node) && !ts.isForStatement(node)) continue;
      const request = findPageRequest(file, node);
      if (request === undefined) continue;
      yield {
        node: request,
        message: 'This loop asks for the pages of a list by hand.',
        hint: 'Use `for await (const page of sync.paginate(path, { pagination }))`: it knows when to stop, notices lists that lead back to themselves, and with `resume: true` goes on where a run was interrupted.',
      };
    }
  },
};

/** A request of the loop that says where to go on by something that the loop itself moves. */
function findPageRequest(file: LintedFile, loop: ts.WhileStatement | ts.DoStatement | ts.ForStatement) {
  const { ts } = file;
  const moved = listMoved(file, loop);
  for (const node of listOwnNodes(ts, loop.statement)) {
    if (!ts.isCallExpression(node)) continue;
    const method = readContextMethod(file, node);
    if (method !== 'get' && method !== 'request' && method !== 'post') continue;
    for (const argument of node.arguments) {
      for (const inner of listNodes(ts, argument)) {
        if (!ts.isIdentifier(inner) || !moved.has(inner.text)) continue;
        const declaration = findDeclaration(file, inner);
        if (declaration !== undefined && isKeptAcrossRounds(declaration, loop)) return node;
      }
    }
  }
  return undefined;
}

/** A name that is declared in the body begins anew each round. */
function isKeptAcrossRounds(declaration: ts.Node, loop: ts.IterationStatement): boolean {
  return declaration.pos < loop.statement.pos || declaration.pos >= loop.statement.end;
}

function listMoved({ ts }: LintedFile, loop: ts.Node): Set<string> {
  const moved = new Set<string>();
  for (const node of listNodes(ts, loop)) {
    const target = readAssigned(ts, node);
    if (target !== undefined && ts.isIdentifier(target)) moved.add(target.text);
  }
  return moved;
}
