import type { OutgoingPage, PackedPage } from './worker-protocol.ts';

export const hashLength = 16;

/** Turns a page's records into columns, for the channel between the processes. */
export function packPage({ records, ...page }: OutgoingPage): PackedPage {
  const hashes = new Uint8Array(records.length * hashLength);
  const ids: string[] = [];
  const jsons: string[] = [];
  for (const [index, { id, hash, json }] of records.entries()) {
    ids.push(id);
    jsons.push(json);
    hashes.set(hash, index * hashLength);
  }
  return { ...page, ids, jsons, hashes };
}

/** The reverse; each hash is a view into the page's one buffer. */
export function unpackPage({ ids, jsons, hashes, ...page }: PackedPage): OutgoingPage {
  const buffer = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  const records = ids.map((id, index) => ({
    id,
    hash: buffer.subarray(index * hashLength, (index + 1) * hashLength),
    json: jsons[index] ?? '',
  }));
  return { ...page, records };
}
