import type { OutgoingRecord } from '@tenon/runtime/execute';
import { encodeTextArray } from './text-array.ts';

/** Records as parameters of one statement. */
export interface RecordBatch {
  readonly ids: string[];
  /** The ids, as a text[] parameter. */
  encodedIds(): Buffer;
  /** 16 bytes for each record, one after the other. */
  readonly hashes: Buffer;
  /** The records' data, as a text[] parameter. */
  json(): Buffer;
  /** The batch of the records at these places. */
  pick(places: readonly number[]): RecordBatch;
}

/** Puts records into columns. Of records with the same id the last one counts. */
export function createRecordBatch(records: readonly OutgoingRecord[]): RecordBatch {
  const byId = new Map(records.map((record) => [record.id, record]));
  const unique = byId.size === records.length ? records : [...byId.values()];
  return {
    ids: unique.map(({ id }) => id),
    encodedIds: () => encodeTextArray(unique.map(({ id }) => id)),
    hashes: Buffer.concat(unique.map(({ hash }) => hash)),
    json: () => encodeTextArray(unique.map(({ json }) => json)),
    pick: (places) => createRecordBatch(places.flatMap((place) => unique[place] ?? [])),
  };
}
