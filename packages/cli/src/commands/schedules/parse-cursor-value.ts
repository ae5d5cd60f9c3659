export type CursorValue = string | number;

/** Reads a value of a cursor: what looks like a number is one, unless it is in double quotes. */
export function parseCursorValue(text: string): CursorValue {
  if (/^".*"$/.test(text)) return text.slice(1, -1);
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
