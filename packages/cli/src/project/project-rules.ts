import { nameSchema, type ProjectConfig } from '@tenon/runtime/contract';
import type { DiscoveredFiles } from './discover-scripts.ts';
import type { ProjectProblem } from './project-problem.ts';

export interface ProjectFacts {
  readonly config: ProjectConfig;
  readonly files: DiscoveredFiles;
}

export interface ProjectRule {
  readonly name: string;
  findProblems(facts: ProjectFacts): ProjectProblem[];
}

const nameHint = 'Names are lower-case letters, digits and dashes, starting with a letter.';

const integrationIsConfigured: ProjectRule = {
  name: 'integration-is-configured',
  findProblems: ({ config, files }) =>
    files.integrations
      .filter((integration) => !Object.hasOwn(config.integrations, integration))
      .map((integration) => ({
        code: 'config_invalid',
        message: `integrations/${integration}/ exists, but tenon.config.ts has no integration "${integration}".`,
        hint: `Add \`'${integration}': {}\` to integrations in tenon.config.ts, or remove the folder.`,
        file: `integrations/${integration}`,
      })),
};

/** Folders whose scripts would silently never run. */
const misspeltFolders: Record<string, string> = {
  sync: 'syncs',
  Syncs: 'syncs',
  action: 'actions',
  Actions: 'actions',
};

const folderIsKnown: ProjectRule = {
  name: 'folder-is-known',
  findProblems: ({ files }) =>
    files.folders.flatMap((folder): ProjectProblem[] => {
      const last = folder.slice(folder.lastIndexOf('/') + 1);
      const expected = misspeltFolders[last];
      if (expected !== undefined) {
        const hint = `Rename it to ${expected}/.`;
        return [{ code: 'definition_invalid', message: `Scripts in ${last}/ are not found.`, hint, file: folder }];
      }
      if (last !== 'events') return [];
      const hint = 'Move the folder out of integrations/ until a version of Tenon runs event handlers.';
      return [{ code: 'definition_invalid', message: 'Event handlers are not supported.', hint, file: folder }];
    }),
};

const scriptIsTypeScript: ProjectRule = {
  name: 'script-is-typescript',
  findProblems: ({ files }) =>
    files.others.map((file) => ({
      code: 'definition_invalid',
      message: 'Scripts are .ts files; this one is not found.',
      hint: 'Rename it to .ts, or move it out of syncs/ and actions/.',
      file,
    })),
};

const scriptNameIsValid: ProjectRule = {
  name: 'script-name-is-valid',
  findProblems: ({ files }) =>
    files.scripts
      .filter((script) => !nameSchema.safeParse(script.name).success)
      .map((script) => ({
        code: 'definition_invalid',
        message: `"${script.name}" cannot name a ${script.kind}.`,
        hint: nameHint,
        file: script.source,
      })),
};

const scriptNameIsUnique: ProjectRule = {
  name: 'script-name-is-unique',
  findProblems({ files }) {
    const seen = new Map<string, string>();
    return files.scripts.flatMap((script): ProjectProblem[] => {
      const key = `${script.integration}/${script.name}`;
      const other = seen.get(key);
      if (other === undefined) {
        seen.set(key, script.source);
        return [];
      }
      return [
        {
          code: 'definition_duplicate',
          message: `Integration "${script.integration}" has another function named "${script.name}": ${other}.`,
          hint: 'Rename one of them: syncs and actions of an integration share one set of names.',
          file: script.source,
        },
      ];
    });
  },
};

/** In the order in which their problems are shown. */
export const projectRules: readonly ProjectRule[] = [
  integrationIsConfigured,
  folderIsKnown,
  scriptIsTypeScript,
  scriptNameIsValid,
  scriptNameIsUnique,
];
