import type { LintRuleName, LintSeverity } from '@tenon/runtime/contract';

/** One thing that a lint found. */
export interface LintFinding {
  readonly rule: LintRuleName;
  readonly severity: LintSeverity;
  /** Path from the project's root with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  /** Such as docs/lints.md#missing-await. */
  readonly docs: string;
  /** Whether `tenon check --fix` mends it. */
  readonly fixable: boolean;
}

/** Text to insert, where that is certain to be right. */
export interface LintFix {
  readonly file: string;
  /** Characters from the beginning of the file. */
  readonly at: number;
  readonly insert: string;
}

/** A stretch of a file that holds a secret: whatever prints the file's lines leaves it out. */
export interface SecretPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface LintReport {
  /** Sorted by file and place. */
  readonly findings: readonly LintFinding[];
  readonly fixes: readonly LintFix[];
  readonly secrets: readonly SecretPlace[];
  /** How many files were looked at. */
  readonly files: number;
  readonly durationMs: number;
}
