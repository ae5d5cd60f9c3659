import type { ts } from 'ts-morph';
import { findDeclaration } from './find-declaration.ts';
import type { LintedFile } from './lint-rule.ts';
import { skipWrapping } from './skip-wrapping.ts';

/** What gives a promise of all that `sync`, `action`, a partition and `connection` offer. */
export const promisingMethods: ReadonlySet<string> = new Set(
  (
    'get delete post put patch request credentials variable lock callAction triggerSync ' +
    'save update read setCheckpoint partition setMetadata patchMetadata'
  ).split(' '),
);

const contextType = /\b(?:SyncRunContext|SyncContext|ScriptContext|ActionContext)\b/;

/** The method of Tenon's context that a call calls: `save` of `sync.save(...)`, also where it was destructured. */
export function readContextMethod(file: LintedFile, call: ts.CallExpression): string | undefined {
  const { ts } = file;
  const callee = skipWrapping(ts, call.expression);
  if (ts.isIdentifier(callee)) {
    const declaration = findDeclaration(file, callee);
    if (declaration === undefined || !ts.isBindingElement(declaration)) return undefined;
    const owner = declaration.parent.parent;
    const isOfContext =
      (ts.isParameter(owner) && isContextParameter(file, owner)) ||
      (ts.isVariableDeclaration(owner) && owner.initializer !== undefined && isContext(file, owner.initializer));
    return isOfContext ? (declaration.propertyName ?? declaration.name).getText() : undefined;
  }
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const owner = skipWrapping(ts, callee.expression);
  const isConnection = ts.isPropertyAccessExpression(owner) && owner.name.text === 'connection';
  return isContext(file, isConnection ? owner.expression : owner) ? callee.name.text : undefined;
}

/** Whether an expression is what `run` was given, or what a partition is. */
function isContext(file: LintedFile, node: ts.Expression): boolean {
  const { ts } = file;
  const expression = skipWrapping(ts, node);
  if (!ts.isIdentifier(expression)) return false;
  const declaration = findDeclaration(file, expression);
  if (declaration === undefined) return false;
  if (ts.isParameter(declaration)) return isContextParameter(file, declaration);
  // const part = sync
  return (
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer !== undefined &&
    ts.isIdentifier(declaration.initializer) &&
    declaration.initializer.text !== expression.text &&
    isContext(file, declaration.initializer)
  );
}

function isContextParameter(file: LintedFile, parameter: ts.ParameterDeclaration): boolean {
  const { ts } = file;
  if (parameter.type !== undefined && contextType.test(parameter.type.getText())) return true;
  const owner = parameter.parent;
  if (owner.parameters[0] !== parameter) return false;
  if (readDefinition(file, owner) !== undefined) return true;
  const call = owner.parent;
  return (
    ts.isCallExpression(call) &&
    call.arguments.some((argument) => argument === owner) &&
    readContextMethod(file, call) === 'partition'
  );
}

/** The options of the defineSync or defineAction whose `run` or `onWebhook` a function is. */
export function readDefinition(file: LintedFile, owner: ts.Node): ts.ObjectLiteralExpression | undefined {
  const { ts } = file;
  const member = ts.isMethodDeclaration(owner) ? owner : owner.parent;
  if (!ts.isMethodDeclaration(member) && !ts.isPropertyAssignment(member)) return undefined;
  if (!/^(?:run|onWebhook)$/.test(member.name.getText())) return undefined;
  const options = member.parent;
  const call = options.parent;
  if (!ts.isObjectLiteralExpression(options) || !ts.isCallExpression(call)) return undefined;
  return /^define(?:Sync|Action)$/.test(call.expression.getText()) ? options : undefined;
}
