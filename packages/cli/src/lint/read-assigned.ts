import type { ts } from 'ts-morph';
import type { TypeScript } from './lint-rule.ts';

/** What an expression gives a new value: `page` of `page += 1` and `page++`. */
export function readAssigned(compiler: TypeScript, node: ts.Node): ts.Expression | undefined {
  if (compiler.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const { FirstAssignment, LastAssignment } = compiler.SyntaxKind;
    return kind >= FirstAssignment && kind <= LastAssignment ? node.left : undefined;
  }
  if (!compiler.isPostfixUnaryExpression(node) && !compiler.isPrefixUnaryExpression(node)) return undefined;
  const { PlusPlusToken, MinusMinusToken } = compiler.SyntaxKind;
  return node.operator === PlusPlusToken || node.operator === MinusMinusToken ? node.operand : undefined;
}
