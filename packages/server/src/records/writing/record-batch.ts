import type { OutgoingRecord } from '@tenon/runtime/execute';
import { encodeNumberArray, encodeTextArray } from './array-parameters.ts';

/** Records as parameters of one statement. */
export interface RecordBatch {
  readonly records: readonly OutgoingRecord[];
  readonly ids: string[];
  /** The ids, as a text[] parameter. */
  encodedIds(): Buffer;
  /** 16 bytes for each record, one after the other. */
  readonly hashes: Buffer;
  /** The records' data, as a text[] parameter; made once. */
  json(): Buffer;
  /** When they were observed, as a double precision[] parameter. */
  observed(): Buffer;
  /** Their versions, as a double precision[] parameter. */
  versions(): Buffer;
  /** For each record one byte, which is 1 when it is deleted. */
  deletedFlags(): Buffer;
  readonly hasDeleted: boolean;
  /** The batch of the records at these places. */
  pick(places: readonly number[]): RecordBatch;
  /** The batch without the records with these ids. */
  without(ids: ReadonlySet<string>): RecordBatch;
}

/** Puts records into columns. Of records with the same id the last one counts. */
export function createRecordBatch(records: readonly OutgoingRecord[]): RecordBatch {
  const byId = new Map(records.map((record) => [record.id, record]));
  const unique = byId.size === records.length ? records : [...byId.values()];
  let encodedJson: Buffer | undefined;
  const batch: RecordBatch = {
    records: unique,
    ids: unique.map(({ id }) => id),
    encodedIds: () => encodeTextArray(batch.ids),
    hashes: Buffer.concat(unique.map(({ hash }) => hash)),
    json: () => (encodedJson ??= encodeTextArray(unique.map(({ json }) => json))),
    observed: () => encodeNumberArray(unique.map(({ observedMs }) => observedMs)),
    versions: () => encodeNumberArray(unique.map(({ version }) => version)),
    deletedFlags: () => Buffer.from(unique.map(({ isDeleted }) => (isDeleted === true ? 1 : 0))),
    hasDeleted: unique.some(({ isDeleted }) => isDeleted === true),
    pick: (places) => createRecordBatch(places.flatMap((place) => unique[place] ?? [])),
    without: (ids) => (ids.size === 0 ? batch : createRecordBatch(unique.filter(({ id }) => !ids.has(id)))),
  };
  return batch;
}
