import type { ts } from 'ts-morph';
import { promisingMethods, readContextMethod } from '../context-call.ts';
import { findDeclaration, isAsync, isGlobal, readFunction } from '../find-declaration.ts';
import { listNodes } from '../list-nodes.ts';
import type { FoundFault, LintedFile, LintRule } from '../lint-rule.ts';
import { skipWrapping } from '../skip-wrapping.ts';

/** Of lists, maps, addresses: plain work, whose types need not be asked for. */
const plainMethods = /^(?:push|unshift|splice|sort|reverse|fill|set|add|delete|clear|append)$/;
const plainClasses = /^(?:Map|Set|WeakMap|WeakSet|URL|URLSearchParams|Headers|FormData|Array)$/;
const promiseMakers = /^(?:all|allSettled|any|race|resolve|reject)$/;

type Promised = 'one' | 'list' | 'none';

const hintOne =
  'Write `await` before it, `return` it, or gather it for `await Promise.all([...])`. `void` says that it is meant.';
const hintList = 'Write `await Promise.all(...)` around it, or a `for` loop with `await` inside.';

/** A promise that nobody waits for: the run ends, or goes on, without it, and what it throws is lost. */
export const missingAwait: LintRule = {
  name: 'missing-await',
  severity: 'error',
  *findFaults(file) {
    const { ts } = file;
    for (const node of listNodes(ts, file.source)) {
      if (ts.isExpressionStatement(node)) yield* judgeDropped(file, node.expression);
      else if (ts.isAwaitExpression(node)) yield* judgeAwaitedList(file, node);
      else if (ts.isVariableDeclaration(node)) yield* judgeUnused(file, node);
    }
  },
};

function* judgeDropped(file: LintedFile, node: ts.Expression): Generator<FoundFault> {
  const { ts } = file;
  const expression = skipWrapping(ts, node);
  if (ts.isConditionalExpression(expression)) {
    yield* judgeDropped(file, expression.whenTrue);
    yield* judgeDropped(file, expression.whenFalse);
  } else if (ts.isBinaryExpression(expression)) {
    const isEither = /^(?:&&|\|\||\?\?)$/.test(expression.operatorToken.getText());
    if (isEither) yield* judgeDropped(file, expression.right);
    if (expression.operatorToken.kind === ts.SyntaxKind.CommaToken) {
      yield* judgeDropped(file, expression.left);
      yield* judgeDropped(file, expression.right);
    }
  } else if (ts.isCallExpression(expression) || ts.isNewExpression(expression)) {
    const promised = judgePromise(file, expression);
    if (promised === 'none') return;
    const name = describe(expression);
    yield {
      node: expression,
      message:
        promised === 'one'
          ? `Nobody waits for the promise of ${name}: the run may end before it, and what it throws is lost.`
          : `Nobody waits for the promises that ${name} makes: the run may end before them, and what they throw is lost.`,
      hint: promised === 'one' ? hintOne : hintList,
      // Only where the statement is the call itself: `a && b()` would need to be read by somebody.
      insertBefore:
        promised === 'one' && expression.parent === node.parent && canAwait(file, expression) ? 'await ' : undefined,
    };
  }
}

/** `await items.map(async ...)` waits for nothing: a list is no promise. */
function* judgeAwaitedList(file: LintedFile, node: ts.AwaitExpression): Generator<FoundFault> {
  const call = skipWrapping(file.ts, node.expression);
  if (!file.ts.isCallExpression(call) || !hasAsyncCallback(file, call)) return;
  const message = `\`await\` does not wait for the promises that ${describe(call)} makes: a list is no promise.`;
  yield { node, message, hint: hintList };
}

/** `const saved = sync.save(...)`, and nothing reads `saved`. */
function* judgeUnused(file: LintedFile, node: ts.VariableDeclaration): Generator<FoundFault> {
  const { ts } = file;
  const { name, initializer } = node;
  if (!ts.isIdentifier(name) || initializer === undefined || !ts.isCallExpression(initializer)) return;
  const isSure =
    promisingMethods.has(readContextMethod(file, initializer) ?? '') || hasAsyncCallback(file, initializer);
  if (!isSure) return;
  for (const other of listNodes(ts, file.source)) {
    if (ts.isIdentifier(other) && other !== name && other.text === name.text && findDeclaration(file, other) === node)
      return;
  }
  const message = `Nobody waits for the promise of ${describe(initializer)}: \`${name.text}\` is never read.`;
  yield { node: initializer, message, hint: hintOne };
}

function judgePromise(file: LintedFile, call: ts.CallExpression | ts.NewExpression): Promised {
  const { ts } = file;
  const callee = skipWrapping(ts, call.expression);
  if (ts.isNewExpression(call))
    return ts.isIdentifier(callee) && callee.text === 'Promise' && isGlobal(file, callee) ? 'one' : 'none';
  const method = readContextMethod(file, call);
  if (method !== undefined) return promisingMethods.has(method) ? 'one' : 'none';
  if (hasAsyncCallback(file, call)) return 'list';
  if (ts.isPropertyAccessExpression(callee)) {
    const owner = skipWrapping(ts, callee.expression);
    if (/^(?:console$|.*\.log$)/.test(owner.getText())) return 'none';
    if (owner.getText() === 'Promise' && promiseMakers.test(callee.name.text)) return 'one';
    if (/^(?:then|catch|finally)$/.test(callee.name.text) && ts.isCallExpression(owner)) {
      if (judgePromise(file, owner) === 'one') return 'one';
    } else if (ts.isIdentifier(owner) && plainMethods.test(callee.name.text) && isPlainThing(file, owner)) {
      return 'none';
    }
  } else if (ts.isIdentifier(callee)) {
    const called = readFunction(file, findDeclaration(file, callee));
    if (called !== undefined && isAsync(file, called)) return 'one';
    if (called?.type?.kind === ts.SyntaxKind.VoidKeyword) return 'none';
  } else if (isAsync(file, callee)) {
    return 'one';
  }
  return file.givesPromise(call) ? 'one' : 'none';
}

/** `.map(async ...)`, and `.forEach(async ...)`, which drops the promises itself. */
function hasAsyncCallback(file: LintedFile, call: ts.CallExpression): boolean {
  const { ts } = file;
  const callee = skipWrapping(ts, call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !/^(?:map|flatMap|forEach)$/.test(callee.name.text)) return false;
  const [callback] = call.arguments;
  if (callback === undefined) return false;
  if (ts.isIdentifier(callback)) {
    const named = readFunction(file, findDeclaration(file, callback));
    return named !== undefined && isAsync(file, named);
  }
  return isAsync(file, callback) || givesContextPromise(file, callback);
}

/** `.map((item) => sync.save('Item', [item]))`. */
function givesContextPromise(file: LintedFile, callback: ts.Expression): boolean {
  const { ts } = file;
  if (!ts.isArrowFunction(callback) || !ts.isCallExpression(callback.body)) return false;
  return promisingMethods.has(readContextMethod(file, callback.body) ?? '');
}

function isPlainThing(file: LintedFile, name: ts.Identifier): boolean {
  const { ts } = file;
  const declaration = findDeclaration(file, name);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const { initializer } = declaration;
  if (initializer === undefined) return false;
  return (
    ts.isArrayLiteralExpression(initializer) ||
    (ts.isNewExpression(initializer) && plainClasses.test(initializer.expression.getText()))
  );
}

/** Whether `await` may stand there: in an async function, whose own statement it is. */
function canAwait(file: LintedFile, node: ts.Node): boolean {
  const owner = file.ts.findAncestor(node.parent, file.ts.isFunctionLike);
  return owner !== undefined && isAsync(file, owner);
}

function describe(call: ts.CallExpression | ts.NewExpression): string {
  const text = call.expression.getText().replaceAll(/\s+/g, '');
  return `\`${text.length > 40 ? `…${text.slice(-40)}` : text}(…)\``;
}
