import type { ColumnType, Generated } from 'kysely';
import type { CreatedAt, Json, Timestamp } from './column-types.ts';

/** One model of one connection: the unit of the change feed. */
export interface DatasetsTable {
  id: Generated<number>;
  connection_id: number;
  model: string;
  /** The last position given out. Locked by whoever writes, so positions commit in order and readers miss none. */
  position: Generated<number>;
  live_count: Generated<number>;
  quarantined_count: Generated<number>;
  /** Deletions and versions up to here are no longer kept: a reader who stands before it starts over. */
  pruned_position: Generated<number>;
}

export interface RecordsTable {
  dataset_id: number;
  external_id: string;
  data: ColumnType<Record<string, unknown>, string, string>;
  hash: Buffer;
  /** Of the last change, in the dataset's feed. */
  position: number;
  /** Of the change that added it (or brought it back). */
  added_position: number;
  created_at: CreatedAt;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
  /** Unix time in milliseconds when the provider was asked for what is stored. */
  observed_ms: Generated<number>;
  /** Of the model's version field; null: it has none. */
  version: number | null;
}

/** What a change replaced: the record as it was up to `until_position`. */
export interface RecordVersionsTable {
  dataset_id: number;
  external_id: string;
  data: ColumnType<Record<string, unknown>, string, string>;
  hash: Buffer;
  position: number;
  added_position: number;
  /** Of the change that replaced it. */
  until_position: number;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
  observed_ms: number;
  version: number | null;
  replaced_at: Timestamp;
}

/** Which run took which positions of a dataset. */
export interface RunWritesTable {
  dataset_id: number;
  from_position: number;
  to_position: number;
  run_id: string;
  /** How many of these changes are deletions: what the run's next deletions are added to before they are held. */
  deleted: Generated<number>;
  written_at: Timestamp;
}

/** A record that is not what its model says, as the script saved it. */
export interface QuarantineTable {
  id: Generated<number>;
  dataset_id: number;
  sync_id: number;
  run_id: string;
  external_id: string | null;
  data: ColumnType<unknown, string, string>;
  hash: Buffer;
  problems: Json<Array<{ path: string; message: string }>>;
  created_at: CreatedAt;
}

/** Deletions that wait for approval. */
export interface HoldsTable {
  id: Generated<number>;
  environment_id: number;
  sync_id: number;
  dataset_id: number;
  run_id: string;
  record_count: number;
  live_count: number;
  status: Generated<'pending' | 'approved' | 'discarded' | 'superseded'>;
  created_at: Timestamp;
  decided_at: Timestamp | null;
}

export interface HeldRecordsTable {
  hold_id: number;
  /** Where the dataset stood: a record that changed after it is not deleted. */
  position: number;
  external_ids: string[];
}

/** Which ids an enumeration has seen, a row a page: what `deletes: 'absence'` compares with. */
export interface SightingsTable {
  run_id: string;
  /** Of the run: grows with each attempt that begins at the first page again. */
  generation: number;
  dataset_id: number;
  /** A null stands for a record whose id could not be read. */
  external_ids: Array<string | null>;
  /** Unix time in milliseconds when the attempt began that noted it. */
  began_ms: Generated<number>;
}
