/** Object ids of types (pg_type.dat). */
const textOid = 25;
const doubleOid = 701;

/**
 * A text[] parameter in Postgres' binary format (array_recv in arrayfuncs.c): dimensions, then each element behind its
 * length. pg sends a Buffer as it is. The text format would have every quote of every record escaped here and read
 * back there.
 */
export function encodeTextArray(elements: readonly string[]): Buffer {
  const lengths = elements.map((element) => Buffer.byteLength(element));
  const size = lengths.reduce((sum, length) => sum + 4 + length, 0);
  const { buffer, start } = beginArray({ oid: textOid, count: elements.length, size, hasNulls: false });
  let offset = start;
  elements.forEach((element, index) => {
    const length = lengths[index] ?? 0;
    offset = buffer.writeInt32BE(length, offset);
    buffer.write(element, offset, 'utf8');
    offset += length;
  });
  return buffer;
}

/** A double precision[] parameter in the same format. */
export function encodeNumberArray(elements: ReadonlyArray<number | undefined>): Buffer {
  const present = elements.reduce<number>((count, element) => (element === undefined ? count : count + 1), 0);
  const size = elements.length * 4 + present * 8;
  const hasNulls = present < elements.length;
  const { buffer, start } = beginArray({ oid: doubleOid, count: elements.length, size, hasNulls });
  let offset = start;
  for (const element of elements) {
    // A length of -1 is a null.
    offset = buffer.writeInt32BE(element === undefined ? -1 : 8, offset);
    if (element !== undefined) offset = buffer.writeDoubleBE(element, offset);
  }
  return buffer;
}

function beginArray(array: { oid: number; count: number; size: number; hasNulls: boolean }) {
  const isEmpty = array.count === 0;
  const buffer = Buffer.allocUnsafe(isEmpty ? 12 : 20 + array.size);
  buffer.writeInt32BE(isEmpty ? 0 : 1, 0);
  buffer.writeInt32BE(array.hasNulls ? 1 : 0, 4);
  buffer.writeInt32BE(array.oid, 8);
  if (!isEmpty) {
    buffer.writeInt32BE(array.count, 12);
    buffer.writeInt32BE(1, 16);
  }
  return { buffer, start: 20 };
}
