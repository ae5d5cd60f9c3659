import type { ts } from 'ts-morph';
import type { TypeScript } from './lint-rule.ts';

/** The expression inside parentheses, `as`, `satisfies` and `!`. */
export function skipWrapping(compiler: TypeScript, node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    compiler.isParenthesizedExpression(inner) ||
    compiler.isAsExpression(inner) ||
    compiler.isSatisfiesExpression(inner) ||
    compiler.isNonNullExpression(inner) ||
    compiler.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
