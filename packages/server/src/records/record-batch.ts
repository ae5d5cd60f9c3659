import type { OutgoingRecord } from '@tenon/runtime/execute';

/** Records as parameters of one statement. */
export interface RecordBatch {
  readonly ids: string[];
  /** 16 bytes for each record, one after the other. */
  readonly hashes: Buffer;
  /**
   * A JSON array of the records' data: one string that is joined, where an array of strings would have every quote of
   * every record escaped, and read back.
   */
  json(): string;
  /** The batch of the records at these places. */
  pick(places: readonly number[]): RecordBatch;
}

/** Puts records into columns. Of records with the same id the last one counts. */
export function createRecordBatch(records: readonly OutgoingRecord[]): RecordBatch {
  const byId = new Map(records.map((record) => [record.id, record]));
  const unique = byId.size === records.length ? records : [...byId.values()];
  return {
    ids: unique.map(({ id }) => id),
    hashes: Buffer.concat(unique.map(({ hash }) => hash)),
    json: () => `[${unique.map(({ json }) => json).join(',')}]`,
    pick: (places) => createRecordBatch(places.flatMap((place) => unique[place] ?? [])),
  };
}
