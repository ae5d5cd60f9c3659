import type { LintRuleName } from '@tenon/runtime/contract';
import { configFileName } from '../project/find-project-root.ts';
import type { Project } from '../project/project.ts';

/** `module`: a file of the project that the others import. */
export type FileRole = 'sync' | 'action' | 'hooks' | 'config' | 'module';

export interface LintInputFile {
  /** Path from the project's root with forward slashes. */
  readonly path: string;
  readonly role: FileRole;
  /** How the lists of the script's provider go on, unless a call says otherwise. */
  readonly paginationStyle?: string | undefined;
}

/** What a worker thread is told: only what can be cloned. */
export interface LintInput {
  /** Absolute path. */
  readonly root: string;
  readonly files: readonly LintInputFile[];
  readonly rules: Readonly<Partial<Record<LintRuleName, 'off' | 'warning' | 'error' | undefined>>>;
}

/** Lists what of a project is linted; what these files import is found on the way. */
export function describeLintInput(project: Project): LintInput {
  const styles = new Map(project.integrations.map(({ name, provider }) => [name, provider.pagination?.style]));
  return {
    root: project.root,
    rules: project.config.check.rules,
    files: [
      { path: configFileName, role: 'config' },
      ...project.scripts.map(({ kind, source, integration }): LintInputFile => ({
        path: source,
        role: kind,
        paginationStyle: styles.get(integration),
      })),
      // Hooks of the shipped templates are not the user's to mend.
      ...project.hooks
        .filter((hooks) => hooks.root === project.root)
        .map((hooks): LintInputFile => ({ path: hooks.entry, role: 'hooks' })),
    ],
  };
}
