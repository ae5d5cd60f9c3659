import type { FunctionManifest, Manifest } from '@tenon/runtime/contract';
import type { Rename } from './rename.ts';

/** A manifest with the names that a later one has for the same things, so that the two can be compared. */
export function renameInManifest(manifest: Manifest, renames: readonly Rename[]): Manifest {
  if (renames.length === 0) return manifest;
  const newName = (kind: Rename['kind'], name: string, integration?: string): string =>
    renames.find(
      (one) => one.kind === kind && one.from === name && (integration === undefined || one.integration === integration),
    )?.to ?? name;
  return {
    ...manifest,
    integrations: manifest.integrations.map((one) => ({ ...one, name: newName('integration', one.name) })),
    functions: manifest.functions.map((one): FunctionManifest => {
      const integration = newName('integration', one.integration);
      const name = newName(one.kind, one.name, integration);
      if (one.kind === 'action') return { ...one, integration, name };
      const models = one.models.map((model) => ({ ...model, name: newName('model', model.name, integration) }));
      return { ...one, integration, name, models };
    }),
  };
}
