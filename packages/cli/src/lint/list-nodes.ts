import type { ts } from 'ts-morph';
import type { TypeScript } from './lint-rule.ts';

/** A node and all below it, in the order of the text. `enter` says whether to look inside a node. */
export function* listNodes(
  compiler: TypeScript,
  node: ts.Node,
  enter: (node: ts.Node) => boolean = () => true,
): Generator<ts.Node> {
  yield node;
  if (!enter(node)) return;
  const children: ts.Node[] = [];
  compiler.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* listNodes(compiler, child, enter);
}

/** As listNodes, without what nested functions hold: they run at another time, or not at all. */
export function listOwnNodes(compiler: TypeScript, node: ts.Node): Generator<ts.Node> {
  return listNodes(compiler, node, (inner) => inner === node || !compiler.isFunctionLike(inner));
}
