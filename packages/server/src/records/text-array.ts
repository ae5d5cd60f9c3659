/** Object id of `text` (pg_type.dat). */
const textOid = 25;

/**
 * A text[] parameter in Postgres' binary format (array_recv in arrayfuncs.c): dimensions, then each element behind its
 * length. pg sends a Buffer as it is. The text format would have every quote of every record escaped here and read
 * back there.
 */
export function encodeTextArray(elements: readonly string[]): Buffer {
  const lengths = elements.map((element) => Buffer.byteLength(element));
  const buffer = Buffer.allocUnsafe(20 + lengths.reduce((sum, length) => sum + 4 + length, 0));
  buffer.writeInt32BE(elements.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(textOid, 8);
  if (elements.length === 0) return buffer.subarray(0, 12);
  buffer.writeInt32BE(elements.length, 12);
  buffer.writeInt32BE(1, 16);
  let offset = 20;
  elements.forEach((element, index) => {
    const length = lengths[index] ?? 0;
    offset = buffer.writeInt32BE(length, offset);
    buffer.write(element, offset, 'utf8');
    offset += length;
  });
  return buffer;
}
