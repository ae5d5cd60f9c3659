export type CursorValue = string | number;

export const isoTime = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/;

/**
 * Orders two cursor values: numbers by value, ISO 8601 times by instant, other texts by code unit. Times of one
 * instant to the millisecond are told apart by their text, for some providers count microseconds.
 * @returns negative, zero or positive
 */
export function compareCursors(left: CursorValue, right: CursorValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const leftText = String(left);
  const rightText = String(right);
  if (leftText === rightText) return 0;
  const isOfOneForm = leftText.length === rightText.length && leftText.endsWith('Z') && rightText.endsWith('Z');
  if (!isOfOneForm && isoTime.test(leftText) && isoTime.test(rightText)) {
    const difference = Date.parse(leftText) - Date.parse(rightText);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return leftText < rightText ? -1 : 1;
}
