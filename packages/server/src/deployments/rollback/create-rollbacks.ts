import type { Kysely } from 'kysely';
import type { RollbackPlan, RolledBack } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { createTimeOrderedIds } from '../../database/time-ordered-ids.ts';
import { activateDeployment } from '../activate-deployment.ts';
import { getDeployment } from '../list-deployments.ts';
import { planBetween } from '../plan-between.ts';
import { planDataRollback } from './plan-data-rollback.ts';
import { finishRollback, rollbackData } from './rollback-data.ts';

/** Going back to a version, with or without what was read since. */
export interface Rollbacks {
  /** Changes nothing. @throws TenonError `not_found` */
  plan(options: { environmentId: number; version: number; data: boolean }): Promise<RollbackPlan>;
  /** @throws TenonError `not_found`, `plan_stale`, `history_pruned`, `conflict` */
  rollBack(options: {
    environmentId: number;
    version: number;
    baseVersion: number;
    data: boolean;
  }): Promise<RolledBack>;
  /** Goes on with what a process that is gone has begun. */
  resume(): Promise<void>;
}

export function createRollbacks(options: {
  readonly database: Kysely<Schema>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly keepHistory: boolean;
}): Rollbacks {
  const { database } = options;
  const context = { ...options, newRunId: createTimeOrderedIds(options.now) };
  return {
    async plan({ environmentId, version, data }) {
      const plan = await planBetween(database, { environmentId, to: version });
      if (!data) return { version, plan, data: null };
      const { activationId: _, ...planned } = await planDataRollback(context, { environmentId, version });
      return { version, plan, data: planned };
    },
    async rollBack({ data, ...asked }) {
      if (!data) {
        const { deployment } = await activateDeployment(database, asked);
        return { deployment, data: null };
      }
      const counts = await rollbackData(context, asked);
      return { deployment: await getDeployment(database, asked), data: counts };
    },
    async resume() {
      const rows = await database
        .selectFrom('data_rollbacks')
        .select('environment_id')
        .where('finished_at', 'is', null)
        .execute();
      const failures: unknown[] = [];
      for (const row of rows) {
        await finishRollback(context, row.environment_id).catch((error: unknown) => failures.push(error));
      }
      // One environment that cannot go on does not hold the others up.
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} rollbacks could not go on.`);
    },
  };
}
