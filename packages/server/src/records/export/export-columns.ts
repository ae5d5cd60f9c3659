import type { ColumnType, StoredRecord } from '@tenon/runtime/contract';
import type { ModelColumn } from '../columns/model-columns.ts';
import { exportValue, type ExportValue } from './export-value.ts';

/** A column of an export that has columns. */
export interface ExportColumn {
  readonly name: string;
  readonly type: ColumnType;
  valueOf(record: StoredRecord): ExportValue;
}

/** What Tenon knows of a record, and its properties between: named and ordered as in the SQL views. */
export function exportColumns(columns: readonly ModelColumn[]): ExportColumn[] {
  const time = (name: string, read: (record: StoredRecord) => string | null): ExportColumn => ({
    name,
    type: 'timestamptz',
    valueOf: (record) => exportValue(read(record), 'timestamptz'),
  });
  return [
    { name: '_id', type: 'text', valueOf: ({ id }) => id },
    ...columns.map(({ name, type, property }): ExportColumn => ({
      name,
      type,
      valueOf: ({ data }) => exportValue(Object.hasOwn(data, property) ? data[property] : null, type),
    })),
    time('_created_at', ({ createdAt }) => createdAt),
    time('_updated_at', ({ updatedAt }) => updatedAt),
    time('_deleted_at', ({ deletedAt }) => deletedAt),
  ];
}
