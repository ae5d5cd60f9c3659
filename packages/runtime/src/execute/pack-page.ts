import type { OutgoingPage, OutgoingRecord, PackedPage } from './worker-protocol.ts';

export const hashLength = 16;

/** Turns a page's records into columns, for the channel between the processes. */
export function packPage({ records, ...page }: OutgoingPage): PackedPage {
  const hashes = new Uint8Array(records.length * hashLength);
  const ids: string[] = [];
  const jsons: string[] = [];
  const observedMs = new Float64Array(records.length);
  const versions = new Float64Array(records.length).fill(Number.NaN);
  const deletedPlaces: number[] = [];
  const bases: Array<[number, string]> = [];
  for (const [index, record] of records.entries()) {
    ids.push(record.id);
    jsons.push(record.json);
    hashes.set(record.hash, index * hashLength);
    observedMs[index] = record.observedMs;
    if (record.version !== undefined) versions[index] = record.version;
    if (record.isDeleted === true) deletedPlaces.push(index);
    if (record.basis !== undefined) bases.push([index, record.basis]);
  }
  return {
    ...page,
    ids,
    jsons,
    hashes,
    observedMs,
    ...(versions.some((version) => !Number.isNaN(version)) && { versions }),
    ...(deletedPlaces.length > 0 && { deletedPlaces }),
    ...(bases.length > 0 && { bases }),
  };
}

/** The reverse; each hash is a view into the page's one buffer. */
export function unpackPage(packed: PackedPage): OutgoingPage {
  const { ids, jsons, hashes, observedMs, versions, deletedPlaces, bases, ...page } = packed;
  const buffer = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  const records = ids.map((id, index): OutgoingRecord => {
    const version = versions?.[index];
    return {
      id,
      hash: buffer.subarray(index * hashLength, (index + 1) * hashLength),
      json: jsons[index] ?? '',
      observedMs: observedMs[index] ?? 0,
      ...(version !== undefined && !Number.isNaN(version) && { version }),
    };
  });
  for (const place of deletedPlaces ?? []) {
    const record = records[place];
    if (record) record.isDeleted = true;
  }
  for (const [place, basis] of bases ?? []) {
    const record = records[place];
    if (record) record.basis = basis;
  }
  return { ...page, records };
}
