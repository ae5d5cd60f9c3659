import type { Rename } from '../renames/rename.ts';

/** How what a plan names is called in the tables, which have the old names until the plan is applied. */
export interface StoredNames {
  integration(name: string): string;
  sync(integration: string, name: string): string;
  model(integration: string, name: string): string;
}

export function createStoredNames(renames: readonly Rename[]): StoredNames {
  const oldName = (kind: Rename['kind'], integration: string, name: string): string =>
    renames.find((one) => one.kind === kind && one.integration === integration && one.to === name)?.from ?? name;
  return {
    integration: (name) => oldName('integration', name, name),
    sync: (integration, name) => oldName('sync', integration, name),
    model: (integration, name) => oldName('model', integration, name),
  };
}
