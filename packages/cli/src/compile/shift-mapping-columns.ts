const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Moves what a line of a source map (ECMA-426, base64 VLQ) says about columns from a column on. A segment's first
 * number is its column, relative to the segment before it in the line: moving one moves all that follow.
 * @param line the segments of one generated line, comma-separated
 * @param from first column that moves
 * @param by how far; negative: to the left
 */
export function shiftMappingColumns(line: string, { from, by }: { from: number; by: number }): string {
  let column = 0;
  const segments = line.split(',');
  for (const [index, segment] of segments.entries()) {
    if (segment === '') continue;
    const { value, length } = decodeFirst(segment);
    column += value;
    if (column < from) continue;
    segments[index] = encode(value + by) + segment.slice(length);
    break;
  }
  return segments.join(',');
}

/** Five bits a digit, lowest first, the sixth says that more follow; the lowest bit of the whole is the sign. */
function decodeFirst(segment: string): { value: number; length: number } {
  let whole = 0;
  let length = 0;
  for (let hasMore = true; hasMore; length += 1) {
    const digit = digits.indexOf(segment.charAt(length));
    whole += (digit & 31) << (5 * length);
    hasMore = (digit & 32) !== 0;
  }
  return { value: whole & 1 ? -(whole >> 1) : whole >> 1, length };
}

function encode(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits.charAt(rest > 0 ? digit | 32 : digit);
  } while (rest > 0);
  return text;
}
