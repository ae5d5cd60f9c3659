import type { ColumnType } from '@tenon/runtime/contract';

/** A value of a typed column; null for what is not of its type, as in the views. */
export type ExportValue = string | number | bigint | boolean | Date | object | null;

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const date = /^\d{4}-\d\d-\d\d$/;
const zoned = /(Z|[+-]\d\d:?\d\d)$/i;

/** @param value of a property, from JSON */
export function exportValue(value: unknown, type: ColumnType): ExportValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'double precision':
      return typeof value === 'number' ? value : null;
    case 'bigint':
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'timestamptz':
      // A time without a zone is one of UTC.
      return typeof value === 'string' && time.test(value) ? readDate(zoned.test(value) ? value : `${value}Z`) : null;
    case 'date':
      return typeof value === 'string' && date.test(value) ? readDate(`${value}T00:00:00Z`) : null;
    case 'jsonb':
      return value;
  }
}

function readDate(text: string): Date | null {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}
