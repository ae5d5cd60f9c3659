import type { Kysely } from 'kysely';
import type { Manifest, Plan } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { countImpact } from './impact/count-impact.ts';
import { planDeployment } from './plan/plan-deployment.ts';
import { readFingerprint } from './read-fingerprint.ts';
import { findMissingBundles } from './storage/find-missing-bundles.ts';

/**
 * A plan from one manifest to another, with what follows from it for what is stored now. Changes nothing.
 * @throws TenonError `rename_refused`
 */
export async function describePlan(
  database: Kysely<Schema>,
  options: { environmentId: number; base: { version: number; manifest: Manifest } | undefined; after: Manifest },
): Promise<Plan> {
  const { environmentId, base, after } = options;
  const version = base?.version ?? 0;
  const plan = planDeployment(base?.manifest ?? null, after);
  return {
    baseVersion: version,
    ...(await readFingerprint(database, { environmentId, version })),
    ...(await countImpact(database, { environmentId, plan, after })),
    hints: [...plan.hints],
    missingBundles: await findMissingBundles(database, after),
  };
}
