import type { ts } from 'ts-morph';
import { listNodes } from '../list-nodes.ts';
import type { FoundFault, LintedFile, LintRule } from '../lint-rule.ts';

/** Shapes that the issuers document, so that leaked tokens can be found. */
const knownShapes: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/, 'a GitHub token'],
  [/\bglpat-[\w-]{20,}/, 'a GitLab token'],
  [/\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/, 'a Stripe key'],
  [/\bwhsec_[A-Za-z0-9+/=]{24,}/, 'a webhook secret'],
  [/\bxox[abeprs]-[A-Za-z0-9-]{10,}/, 'a Slack token'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS access key'],
  [/\bAIza[\w-]{35}/, 'a Google API key'],
  [/\bGOCSPX-[\w-]{20,}/, 'a Google client secret'],
  [/\bsk-(?:ant-|proj-)?[\w-]{32,}/, 'an API key'],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/, 'a SendGrid key'],
  [/\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/, 'a Shopify token'],
  [/\bnpm_[A-Za-z0-9]{36}/, 'an npm token'],
  [/\bpat[a-z]{2}\d-[a-f0-9-]{36}|\bpat-(?:na|eu)\d-[a-f0-9-]{36}/, 'a HubSpot token'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, 'a JSON Web Token'],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, 'a private key'],
  [/\b[a-z][a-z+]*:\/\/[^\s/:@]+:[^\s/@]{6,}@/, 'an address with a password'],
];

const secretNames =
  /(?:token|secret|password|passwd|passphrase|api_?key|access_?key|private_?key|signing_?key|encryption_?key|credentials?)$/i;
const placeholders =
  /your|example|placeholder|change.?me|dummy|sample|redacted|xxx|\*\*\*|\.\.\.|<|\$\{|^(?:test|fake)/i;

/** What is needed of a file: no types, no other files. */
type ParsedFile = Pick<LintedFile, 'ts' | 'source' | 'role'>;

/** A secret in the source is in every clone, every bundle and every backup of either. */
export const secretInSource = {
  name: 'secret-in-source',
  severity: 'error',
  *findFaults(file: ParsedFile): Iterable<FoundFault> {
    const { ts } = file;
    for (const node of listNodes(ts, file.source)) {
      if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) continue;
      const text = ts.isStringLiteralLike(node) ? node.text : node.getText();
      const shape = nameTokenShape(text);
      const name = ts.isStringLiteralLike(node) ? readTargetName(file, node) : undefined;
      const isNamed = name !== undefined && secretNames.test(name) && looksRandom(name, text);
      if (shape === undefined && !isNamed) continue;
      yield {
        node,
        isSecret: true,
        message:
          shape === undefined ? `What \`${name}\` is set to looks like a secret.` : `This is ${shape}, by its shape.`,
        hint:
          file.role === 'config'
            ? "Name a variable instead, `variable('NAME')`, set it with `tenon env set`, and revoke this one: it is in the history of the source."
            : "Keep it in a variable of the environment (`tenon env set NAME`, then `await sync.variable('NAME')`), or in the connection, and revoke this one: it is in the history of the source.",
      };
    }
  },
} as const satisfies LintRule;

/** What a text is by its shape alone, such as "a GitHub token"; not where part of the shape is only put in later. */
export function nameTokenShape(text: string): string | undefined {
  const found = knownShapes.find(([pattern]) => pattern.test(text) && !/\$\{/.test(pattern.exec(text)?.[0] ?? ''));
  return found?.[1];
}

/** `apiKey` of `const apiKey = '...'`, `{ apiKey: '...' }`, `x.apiKey = '...'` and `apiKey ?? '...'`. */
function readTargetName({ ts }: ParsedFile, literal: ts.StringLiteralLike): string | undefined {
  let node: ts.Node = literal;
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isAsExpression(node.parent) ||
    ts.isSatisfiesExpression(node.parent)
  )
    node = node.parent;
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.right === node)
    return /[\w$]+(?=['"\])]*$)/.exec(parent.left.getText())?.[0];
  if (
    (ts.isVariableDeclaration(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isParameter(parent) ||
      ts.isPropertyDeclaration(parent)) &&
    parent.initializer === node
  )
    return parent.name.getText().replaceAll(/['"]/g, '');
  return undefined;
}

/** Words, names of variables and placeholders are none; what has letters and digits in no order is. */
function looksRandom(name: string, text: string): boolean {
  if (/\s/.test(text) || placeholders.test(text) || /^[a-z]+:\/\//i.test(text)) return false;
  // NAMES_OF_VARIABLES, dotted.paths, /paths and kebab-names without digits.
  if (/^[A-Z][A-Z0-9_]*$/.test(text) || /^[/.]/.test(text) || /^[a-z]+(?:[._:/-][a-z]+)*$/i.test(text)) return false;
  const isPassword = /pass(?:word|wd|phrase)$/i.test(name);
  const hasMix = /[a-z]/i.test(text) && /\d/.test(text);
  return hasMix && text.length >= (isPassword ? 8 : 16) && measureEntropy(text) >= (isPassword ? 2.5 : 3);
}

/** Shannon entropy in bits a character. */
function measureEntropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
