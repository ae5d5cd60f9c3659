import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { readActiveVersion } from '../database/queries/read-active-version.ts';

export interface ActiveManifest {
  readonly version: number;
  readonly manifest: Manifest;
}

export interface ManifestSource {
  /** The active version is asked for anew every time, for another process may have deployed; undefined: nothing is. */
  findActive(environmentId: number): Promise<ActiveManifest | undefined>;
  /** @throws TenonError `not_found` when nothing is deployed */
  getActive(environmentId: number): Promise<ActiveManifest>;
}

/** More than the environments that one server is busy with at a time; a manifest is some hundred kilobytes. */
const keptManifests = 20;

/** Manifests by version. A version never changes, so it is read once. */
export function createManifestSource(database: Kysely<Schema>): ManifestSource {
  const kept = new Map<string, Manifest>();

  async function read(environmentId: number, version: number): Promise<Manifest | undefined> {
    const key = `${environmentId} ${version}`;
    const manifest = kept.get(key) ?? (await findManifest(database, { environmentId, version }));
    if (!manifest) return undefined;
    kept.delete(key);
    kept.set(key, manifest);
    const oldest = kept.keys().next();
    if (kept.size > keptManifests && !oldest.done) kept.delete(oldest.value);
    return manifest;
  }

  async function findActive(environmentId: number): Promise<ActiveManifest | undefined> {
    const version = await readActiveVersion(database, environmentId);
    const manifest = version === 0 ? undefined : await read(environmentId, version);
    return manifest && { version, manifest };
  }

  async function getActive(environmentId: number): Promise<ActiveManifest> {
    const active = await findActive(environmentId);
    if (active) return active;
    throw new TenonError('not_found', 'Nothing is deployed in this environment.', {
      hint: 'Run `tenon deploy` first.',
    });
  }

  return { findActive, getActive };
}
