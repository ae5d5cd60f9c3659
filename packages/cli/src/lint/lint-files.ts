import { lintRuleNames, type LintRuleName, type LintSeverity } from '@tenon/runtime/contract';
import { join } from 'node:path';
import { findIgnoreComments, type IgnoreComment } from './ignore-comments.ts';
import type { LintFinding, LintFix, LintReport, SecretPlace } from './lint-finding.ts';
import type { LintInput } from './lint-input.ts';
import type { FoundFault, LintedFile } from './lint-rule.ts';
import { openProgram } from './open-program.ts';
import { ruleList } from './rule-list.ts';
import { TypeQuestions } from './type-questions.ts';

type Severities = ReadonlyMap<LintRuleName, LintSeverity | 'off'>;

interface FileResult {
  readonly findings: readonly LintFinding[];
  readonly fixes: readonly LintFix[];
  readonly secrets: readonly SecretPlace[];
}

/** Runs every rule over the files of a project and what they import. Works through: for a thread of its own. */
export async function lintFiles(input: LintInput): Promise<LintReport> {
  const started = performance.now();
  const { ts, Project } = await import('ts-morph');
  const { names, files } = openProgram(ts, input);
  const types = new TypeQuestions(ts, {
    root: input.root,
    files: files.map(({ path }) => join(input.root, path)),
    openProject: (options) => new Project(options),
  });
  const severities: Severities = new Map(
    lintRuleNames.map((name) => [
      name,
      input.rules[name] ?? ruleList.find((rule) => rule.name === name)?.severity ?? 'warning',
    ]),
  );
  const results = files.map(({ source, role, path, paginationStyle }) => {
    const file: LintedFile = {
      ts,
      source,
      role,
      paginationStyle,
      names,
      givesPromise: (node) => types.givesPromise(node),
    };
    return lintFile(file, { path, severities });
  });
  const findings = results.flatMap((result) => result.findings);
  return {
    findings: findings.toSorted((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column),
    fixes: results.flatMap(({ fixes }) => fixes),
    secrets: results.flatMap(({ secrets }) => secrets),
    files: files.length,
    durationMs: performance.now() - started,
  };
}

function lintFile(file: LintedFile, { path, severities }: { path: string; severities: Severities }): FileResult {
  const comments = findIgnoreComments(file.ts, file.source);
  const used = new Set<IgnoreComment>();
  const findings: LintFinding[] = [];
  const fixes: LintFix[] = [];
  const secrets: SecretPlace[] = [];
  const report = (rule: LintRuleName, at: number, fault: Pick<FoundFault, 'message' | 'hint' | 'insertBefore'>) => {
    const severity = severities.get(rule);
    if (severity === undefined || severity === 'off') return;
    const { line, character } = file.source.getLineAndCharacterOfPosition(at);
    const comment = comments.find((item) => item.fault === undefined && item.rule === rule && item.line === line);
    if (comment !== undefined) {
      used.add(comment);
      return;
    }
    const { message, hint, insertBefore } = fault;
    const place = { file: path, line: line + 1, column: character + 1 };
    const fixable = insertBefore !== undefined;
    findings.push({ rule, severity, ...place, message, hint, docs: `docs/lints.md#${rule}`, fixable });
    if (fixable) fixes.push({ file: path, at, insert: insertBefore });
  };
  for (const rule of ruleList) {
    for (const fault of rule.findFaults(file)) {
      // Also where the rule is off or silenced: no frame of another finding may show it.
      if (fault.isSecret === true) secrets.push({ file: path, start: fault.node.getStart(), end: fault.node.end });
      report(rule.name, fault.node.getStart(), fault);
    }
  }
  for (const comment of comments) {
    if (comment.fault === undefined && (used.has(comment) || isOff(comment, severities))) continue;
    report('ignore-comment', comment.start, {
      message: comment.fault ?? `tenon-ignore ${comment.rule}: there is nothing to silence here.`,
      hint:
        comment.fault === undefined
          ? 'Remove it, or move it to the line that it is about, or the line before.'
          : `Write \`// tenon-ignore <rule>: <reason>\`; the rules are ${ruleList.map(({ name }) => name).join(', ')}.`,
    });
  }
  return { findings, fixes, secrets };
}

function isOff(comment: IgnoreComment, severities: Severities): boolean {
  return comment.rule !== undefined && severities.get(comment.rule) === 'off';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
