import { isGlobal } from '../find-declaration.ts';
import { listNodes } from '../list-nodes.ts';
import type { LintRule } from '../lint-rule.ts';

const clients =
  /^(?:axios|undici|got|ky|node-fetch|cross-fetch|superagent|needle|request|phin|(?:node:)?https?|(?:node:)?http2)(?:\/.*)?$/;
const globals = /^(?:fetch|XMLHttpRequest|WebSocket|EventSource)$/;

const hint =
  'Use `sync.get(path)`, `action.post(path, body)` or `request`: they carry the credentials of the connection, repeat what may pass, keep to the rate limit and are logged. For a host that is no provider, say why: `// tenon-ignore direct-request: <reason>`.';

/** A request that bypasses the connection. */
export const directRequest: LintRule = {
  name: 'direct-request',
  severity: 'warning',
  *findFaults(file) {
    const { ts } = file;
    // Hooks run where there is no connection yet, and are given their own way to ask; the config asks nobody.
    if (file.role === 'hooks' || file.role === 'config') return;
    for (const node of listNodes(ts, file.source)) {
      if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
        const { importClause, moduleSpecifier } = node;
        const isForTypes = importClause !== undefined && importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
        if (isForTypes || !clients.test(moduleSpecifier.text)) continue;
        yield { node, message: describe(`Requests with "${moduleSpecifier.text}"`), hint };
      } else if (ts.isCallExpression(node)) {
        const [first] = node.arguments;
        const isLoad = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
        if (isLoad && first !== undefined && ts.isStringLiteralLike(first) && clients.test(first.text))
          yield { node, message: describe(`Requests with "${first.text}"`), hint };
      } else if (ts.isIdentifier(node) && globals.test(node.text)) {
        const { parent } = node;
        if (
          ts.isPropertyAccessExpression(parent) &&
          parent.name === node &&
          parent.expression.getText() !== 'globalThis'
        )
          continue;
        const isRead =
          ts.isPropertyAccessExpression(parent) ||
          (ts.isExpression(node) && !ts.isPropertyAssignment(parent)) ||
          (ts.isPropertyAssignment(parent) && parent.initializer === node);
        const isType = ts.findAncestor(node, ts.isTypeNode) !== undefined;
        if (isRead && !isType && (isGlobal(file, node) || ts.isShorthandPropertyAssignment(parent)))
          yield { node, message: describe(`\`${node.text}\``), hint };
      }
    }
  },
};

function describe(what: string): string {
  return `${what} bypasses the connection: it is not authorised, repeated, held to the rate limit or logged.`;
}
