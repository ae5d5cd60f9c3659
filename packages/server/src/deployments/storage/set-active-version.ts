import type { Transaction } from 'kysely';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { readRunLimits } from '../../engine/runs/run-limits.ts';

/** Makes a version the active one, with its limits of concurrency. The environment's row must be locked. */
export async function setActiveVersion(
  transaction: Transaction<Schema>,
  { environmentId, version, manifest }: { environmentId: number; version: number; manifest: Manifest },
): Promise<void> {
  const limits = readRunLimits(manifest);
  await transaction
    .updateTable('environments')
    .set({ active_version: version, limits: limits && JSON.stringify(limits) })
    .where('id', '=', environmentId)
    .execute();
}
