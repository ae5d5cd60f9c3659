import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { ColumnType, StoredRecord } from '@tenon/runtime/contract';
import type { ExportColumn } from './export-columns.ts';
import { parseLines } from './parse-lines.ts';

/** A row group is the most that is held in memory: so many records, or characters of JSON, whichever comes first. */
const groupRecords = 10_000;
const groupCharacters = 16 * 1024 * 1024;

const elements: Record<ColumnType, Omit<SchemaElement, 'name'>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  'double precision': { type: 'DOUBLE' },
  bigint: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamptz: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  date: { type: 'INT32', converted_type: 'DATE' },
  jsonb: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
};

/** Parquet with a typed column for each of `columns`, every one of them optional; bytes as they become complete. */
export async function* writeParquet(
  pages: AsyncIterable<string>,
  columns: readonly ExportColumn[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'tenon' });
  for await (const group of groupPages(pages)) {
    await parquet.write({ columnData: toColumns(group, columns), rowGroupSize: group.length });
    yield takeBytes(writer);
  }
  await parquet.finish();
  yield takeBytes(writer);
}

function schemaOf(columns: readonly ExportColumn[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({ ...elements[type], name, repetition_type: 'OPTIONAL' as const })),
  ];
}

function toColumns(records: readonly StoredRecord[], columns: readonly ExportColumn[]) {
  return columns.map((column) => ({
    name: column.name,
    data: records.map((record) => column.valueOf(record)),
    // The statistics of every row group are kept until the end; those of JSON say nothing and may be long.
    ...(column.type === 'jsonb' && { statistics: false }),
    offsetIndex: false,
  }));
}

async function* groupPages(pages: AsyncIterable<string>): AsyncGenerator<StoredRecord[], void, undefined> {
  let group: StoredRecord[] = [];
  let characters = 0;
  for await (const page of pages) {
    group.push(...parseLines(page));
    characters += page.length;
    if (group.length < groupRecords && characters < groupCharacters) continue;
    yield group;
    group = [];
    characters = 0;
  }
  if (group.length > 0) yield group;
}

/** The writer counts on in `offset`, which positions in the file come from; its buffer is used again. */
function takeBytes(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
