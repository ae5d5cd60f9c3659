import type { LintRuleName, LintSeverity } from '@tenon/runtime/contract';
import type { ts } from 'ts-morph';
import type { FileRole } from './lint-input.ts';

/** The compiler's API, handed on so that only the linter's own thread loads it. */
export type TypeScript = typeof ts;

export interface LintedFile {
  readonly ts: TypeScript;
  readonly source: ts.SourceFile;
  readonly role: FileRole;
  readonly paginationStyle: string | undefined;
  /** Knows the names of the project's own files, but no types of packages: cheap. */
  readonly names: ts.TypeChecker;
  /** Whether a call gives a promise, or a list of promises, by its full type. Loads the whole program the first time. */
  givesPromise(node: ts.Expression): boolean;
}

export interface FoundFault {
  readonly node: ts.Node;
  readonly message: string;
  readonly hint: string;
  /** Inserted before the node, where that is certain to be right. */
  readonly insertBefore?: string | undefined;
  /** The node holds a secret, which nothing may print. */
  readonly isSecret?: boolean;
}

export interface LintRule {
  readonly name: LintRuleName;
  /** Unless `check.rules` says otherwise. */
  readonly severity: LintSeverity;
  findFaults(file: LintedFile): Iterable<FoundFault>;
}
