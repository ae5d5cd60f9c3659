import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { isBlocked } from './may-begin.ts';

export interface WaitingRun {
  readonly id: string;
  readonly environment_id: number;
  readonly trigger: Run['trigger'];
  /** null: it is not waiting for a time. */
  readonly not_before: Date | null;
  /** An earlier run of its sync is in the way; noted with the run. */
  readonly is_blocked: boolean;
  /** The environment limits concurrency. */
  readonly is_limited: boolean;
}

/** Why a run could not be claimed. @returns undefined when it is not queued any more */
export async function noteWait(database: Kysely<Schema>, runId: string): Promise<WaitingRun | undefined> {
  const { rows } = await sql<WaitingRun>`
    with found as (
      select r.id, r.environment_id, r.trigger, r.not_before, r.waits_for, ${isBlocked} as is_blocked,
        e.limits is not null as is_limited
      from runs r join environments e on e.id = r.environment_id
      where r.id = ${runId} and r.status = 'queued'
    ), noted as (
      update runs set waits_for = 'earlier_run'
      from found f
      where runs.id = f.id and runs.status = 'queued' and f.is_blocked and f.waits_for is null
    )
    select * from found`.execute(database);
  return rows[0];
}
