import { lintRuleNames, type LintRuleName } from '@tenon/runtime/contract';
import type { ts } from 'ts-morph';
import { listNodes } from './list-nodes.ts';
import type { TypeScript } from './lint-rule.ts';

/** `// tenon-ignore <rule>: <reason>`. */
export interface IgnoreComment {
  /** Where the comment begins. */
  readonly start: number;
  /** The line, from 0, whose findings it silences. */
  readonly line: number;
  readonly rule: LintRuleName | undefined;
  /** Why it silences nothing. */
  readonly fault: string | undefined;
}

const pattern = /\/\/[ \t]*tenon-ignore\b[ \t]*([^\s:]*)[ \t]*:?[ \t]*([^\r\n]*)/g;

/** Finds the comments that silence lints. One that has a line of its own is about the next line that has code. */
export function findIgnoreComments(compiler: TypeScript, source: ts.SourceFile): IgnoreComment[] {
  const { text } = source;
  if (!text.includes('tenon-ignore')) return [];
  const texts = [...listNodes(compiler, source)].filter(
    (node) =>
      compiler.isStringLiteralLike(node) ||
      compiler.isTemplateExpression(node) ||
      compiler.isRegularExpressionLiteral(node),
  );
  return [...text.matchAll(pattern)].flatMap((match): IgnoreComment[] => {
    const start = match.index;
    if (texts.some((node) => node.getStart() <= start && start < node.end)) return [];
    const [, name = '', reason = ''] = match;
    const rule = lintRuleNames.find((known) => known === name);
    return [{ start, line: findLine(source, start), rule, fault: findFault(name, { rule, reason }) }];
  });
}

function findFault(name: string, { rule, reason }: { rule: string | undefined; reason: string }): string | undefined {
  if (name === '') return 'tenon-ignore names no rule.';
  if (rule === undefined) return `tenon-ignore names "${name}", and there is no such rule.`;
  if (rule === 'ignore-comment') return 'ignore-comment cannot be silenced by a comment.';
  return reason.trim() === '' ? `tenon-ignore ${rule} gives no reason, so it silences nothing.` : undefined;
}

function findLine(source: ts.SourceFile, start: number): number {
  const lines = source.text.split(/\r?\n/);
  const { line } = source.getLineAndCharacterOfPosition(start);
  const before = source.text.slice(source.getPositionOfLineAndCharacter(line, 0), start);
  if (before.trim() !== '') return line;
  let next = line + 1;
  while (next < lines.length && /^\s*(?:\/\/.*)?$/.test(lines[next] ?? '')) next += 1;
  return next;
}
