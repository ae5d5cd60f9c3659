import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { FunctionManifest, Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { readActiveVersion } from '../../database/queries/read-active-version.ts';
import { withHooks, type DeployedProvider } from '../../deployments/deployed-provider.ts';
import { findManifest } from '../../database/queries/find-manifest.ts';

/** A version's manifest, by name. */
export interface LoadedManifest {
  readonly version: number;
  readonly manifest: Manifest;
  findFunction(kind: FunctionManifest['kind'], integration: string, name: string): FunctionManifest | undefined;
  findProvider(integration: string): DeployedProvider | undefined;
}

export interface Manifests {
  /** @throws TenonError `not_found` */
  load(environmentId: number, version: number): Promise<LoadedManifest>;
  /**
   * Calls `use` with what was active when last looked, so that the usual case costs no question of its own; `use`
   * finds out by its own statement whether that is still so, and answers undefined when it is not.
   * @throws TenonError `not_found` when nothing is deployed
   */
  useActive<Result>(
    environmentId: number,
    use: (manifest: LoadedManifest, options: { fresh: boolean }) => Promise<Result | undefined>,
  ): Promise<Result>;
}

/** More than the versions that a server executes at a time; a manifest is some hundred kilobytes. */
const keptManifests = 20;
/** How often a deployment may come between looking and using before it is called busy. */
const maxLooks = 5;

export function createManifests(database: Kysely<Schema>): Manifests {
  const kept = new Map<string, Promise<LoadedManifest>>();
  const active = new Map<number, number>();

  function load(environmentId: number, version: number): Promise<LoadedManifest> {
    const key = `${environmentId}/${version}`;
    const known = kept.get(key);
    // Set anew on each use, so that the map's first key is the least recently used.
    kept.delete(key);
    const loading = known ?? readVersion(environmentId, version);
    kept.set(key, loading);
    if (!known) loading.catch(() => kept.delete(key));
    const oldest = kept.keys().next();
    if (kept.size > keptManifests && !oldest.done) kept.delete(oldest.value);
    return loading;
  }

  async function readVersion(environmentId: number, version: number): Promise<LoadedManifest> {
    const manifest = await findManifest(database, { environmentId, version });
    if (manifest) return indexManifest(manifest, version);
    throw new TenonError('not_found', `There is no version ${version} in this environment.`);
  }

  async function look(environmentId: number): Promise<number> {
    const version = await readActiveVersion(database, environmentId);
    if (version) {
      active.set(environmentId, version);
      return version;
    }
    throw new TenonError('not_found', 'Nothing is deployed in this environment.', {
      hint: 'Run `tenon deploy` first.',
    });
  }

  return {
    load,
    async useActive(environmentId, use) {
      const remembered = active.get(environmentId);
      if (remembered !== undefined) {
        const result = await use(await load(environmentId, remembered), { fresh: false });
        if (result !== undefined) return result;
      }
      for (let looks = 0; looks < maxLooks; looks++) {
        const version = await look(environmentId);
        const result = await use(await load(environmentId, version), { fresh: true });
        if (result !== undefined) return result;
      }
      throw new TenonError('unavailable', 'Deployments follow each other too fast to start a run.', {
        hint: 'Try again in a moment.',
      });
    },
  };
}

function indexManifest(manifest: Manifest, version: number): LoadedManifest {
  const functions = new Map(manifest.functions.map((definition) => [keyOf(definition), definition]));
  const providers = new Map(
    manifest.providers.map((provider) => [provider.name, withHooks(provider, manifest.providerHooks)]),
  );
  const providerNames = new Map(manifest.integrations.map(({ name, provider }) => [name, provider]));
  return {
    version,
    manifest,
    findFunction: (kind, integration, name) => functions.get(keyOf({ kind, integration, name })),
    findProvider: (integration) => providers.get(providerNames.get(integration) ?? ''),
  };
}

function keyOf({ kind, integration, name }: { kind: string; integration: string; name: string }): string {
  return `${kind} ${integration}/${name}`;
}
