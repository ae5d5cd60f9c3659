import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import { matchNames, type NamedThing } from './match-names.ts';
import type { Rename } from './rename.ts';

export interface FoundRenames {
  /** Integrations first. */
  readonly renames: readonly Rename[];
  readonly hints: readonly string[];
}

/**
 * What is called otherwise from one version to the next, as the manifests declare it; nothing is guessed.
 * @throws TenonError `rename_refused` when the old and the new name both exist in the version before
 */
export function findRenames(before: Manifest, after: Manifest): FoundRenames {
  const renames: Rename[] = [];
  const joined: Rename[] = [];
  const hints: string[] = [];
  const match = (
    about: Pick<Rename, 'kind' | 'integration'>,
    old: readonly NamedThing[],
    next: readonly NamedThing[],
  ) => {
    const found = matchNames(old, next);
    const toRename = (pair: { from: string; to: string }): Rename =>
      about.kind === 'integration' ? { kind: 'integration', integration: pair.to, ...pair } : { ...about, ...pair };
    renames.push(...found.renamed.map(toRename));
    joined.push(...found.joined.map(toRename));
    hints.push(
      ...found.unfounded
        .map(toRename)
        .map((one) => `${describe(one)} says renamedFrom '${one.from}', and nothing of that name is deployed here.`),
    );
  };
  match({ kind: 'integration', integration: '' }, before.integrations, after.integrations);
  for (const { name: integration } of after.integrations) {
    const oldName = renames.find(({ kind, to }) => kind === 'integration' && to === integration)?.from ?? integration;
    // A new integration has nothing that could have been called otherwise; what its functions say was true elsewhere.
    if (!before.integrations.some(({ name }) => name === oldName)) continue;
    for (const kind of ['sync', 'action'] as const) {
      match({ kind, integration }, functionsOf(before, kind, oldName), functionsOf(after, kind, integration));
    }
    match({ kind: 'model', integration }, modelsOf(before, oldName), modelsOf(after, integration));
  }
  refuseJoined(joined);
  return { renames, hints };
}

function describe({ kind, integration, to }: Rename): string {
  return kind === 'integration' ? `The integration ${to}` : `The ${kind} ${integration}/${to}`;
}

function refuseJoined(joined: readonly Rename[]): void {
  if (joined.length === 0) return;
  const lines = joined.map(
    (one) => `${describe(one)} cannot take over what belongs to ${one.from}: it is deployed too.`,
  );
  throw new TenonError('rename_refused', lines.join('\n'), {
    hint: 'Take renamedFrom out and remove the old one, or deploy the removal of the one that has the new name first.',
    details: { renames: joined },
  });
}

function functionsOf({ functions }: Manifest, kind: 'sync' | 'action', integration: string): NamedThing[] {
  return functions.filter((one) => one.kind === kind && one.integration === integration);
}

function modelsOf({ functions }: Manifest, integration: string): NamedThing[] {
  return functions.flatMap((one) => (one.kind === 'sync' && one.integration === integration ? one.models : []));
}
