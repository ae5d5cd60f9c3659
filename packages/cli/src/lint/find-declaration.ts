import type { ts } from 'ts-morph';
import type { LintedFile } from './lint-rule.ts';

/** Where a name of the project is declared, also in another of its files; undefined for globals and packages. */
export function findDeclaration({ ts, names }: LintedFile, name: ts.Identifier): ts.Declaration | undefined {
  const symbol =
    ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name
      ? names.getShorthandAssignmentValueSymbol(name.parent)
      : names.getSymbolAtLocation(name);
  if (symbol === undefined) return undefined;
  const target = symbol.flags & ts.SymbolFlags.Alias ? names.getAliasedSymbol(symbol) : symbol;
  return target.declarations?.[0] ?? symbol.declarations?.[0];
}

/** Whether a name is one of the runtime's own, such as `fetch`, and nothing that the file declares or imports. */
export function isGlobal({ names }: LintedFile, name: ts.Identifier): boolean {
  return (names.getSymbolAtLocation(name)?.declarations ?? []).length === 0;
}

/** What a declaration runs when it is called, if that is plain to see. */
export function readFunction(
  { ts }: LintedFile,
  declaration: ts.Declaration | undefined,
): ts.FunctionLikeDeclaration | undefined {
  if (declaration === undefined) return undefined;
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined;
  const value = declaration.initializer;
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? value : undefined;
}

/** Whether it is an `async` function; those with a `*` give iterators. */
export function isAsync({ ts }: LintedFile, declaration: ts.Node): boolean {
  if (!ts.isFunctionLike(declaration)) return false;
  const isGenerator = 'asteriskToken' in declaration && declaration.asteriskToken !== undefined;
  const modifiers = ts.canHaveModifiers(declaration) ? ts.getModifiers(declaration) : undefined;
  return !isGenerator && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
}
