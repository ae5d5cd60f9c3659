import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { QuarantinedRecord } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';
import { clearQuarantined } from './queries/clear-quarantined.ts';
import { correctQuarantinedCount } from './queries/correct-quarantined-count.ts';
import { insertQuarantined } from './queries/insert-quarantined.ts';

export interface QuarantineChange {
  readonly datasetId: number;
  readonly syncId: number;
  readonly runId: string;
  /** Ids of the valid records that a page saved, and of those that it deleted. */
  readonly goneIds: readonly string[];
  readonly settled: readonly number[];
  readonly quarantined: readonly QuarantinedRecord[];
  /** How many the dataset has in quarantine. */
  readonly present: number;
  readonly now: Date;
}

/** Brings the quarantine of a locked dataset up to date with a page. */
export async function updateQuarantine(transaction: Kysely<Schema>, change: QuarantineChange): Promise<void> {
  const { datasetId, goneIds, settled, quarantined, present } = change;
  const cleared =
    present === 0 || goneIds.length + settled.length === 0
      ? 0
      : await clearQuarantined(transaction, { datasetId, goneIds, settled });
  const grown =
    quarantined.length === 0 ? 0 : await insertQuarantined(transaction, { ...change, records: hash(quarantined) });
  if (grown !== cleared) await correctQuarantinedCount(transaction, datasetId, grown - cleared);
}

/** Of records that are the same, or have the same id, the last. */
function hash(records: readonly QuarantinedRecord[]): Array<QuarantinedRecord & { hash: Buffer }> {
  const latest = new Map<string, QuarantinedRecord & { hash: Buffer }>();
  for (const record of records) {
    const digest = createHash('sha256').update(record.json).digest().subarray(0, 16);
    const key = record.id === null ? `json ${digest.toString('hex')}` : `id ${record.id}`;
    latest.set(key, { ...record, hash: digest });
  }
  // Two ids for one JSON do not happen, but the statement could not write the same row twice.
  return [...new Map([...latest.values()].map((record) => [record.hash.toString('hex'), record])).values()];
}
