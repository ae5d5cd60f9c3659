import type { Kysely } from 'kysely';
import type { Plan } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { readActiveVersion } from '../database/queries/read-active-version.ts';
import { describePlan } from './describe-plan.ts';
import { versionMissing } from './version-missing.ts';

/**
 * What lies between two versions of an environment; counts are of what is stored now.
 * @param options.from undefined: the active version
 * @throws TenonError `not_found`, `rename_refused`
 */
export async function planBetween(
  database: Kysely<Schema>,
  options: { environmentId: number; from?: number | undefined; to: number },
): Promise<Plan> {
  const { environmentId, to } = options;
  const from = options.from ?? (await readActiveVersion(database, environmentId));
  const after = await findManifest(database, { environmentId, version: to });
  if (!after) throw versionMissing(to);
  const before = from === 0 ? undefined : await findManifest(database, { environmentId, version: from });
  if (!before && from !== 0) throw versionMissing(from);
  return describePlan(database, { environmentId, base: before && { version: from, manifest: before }, after });
}
