import { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import type { ExportFormat } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { ModelColumn } from '../columns/model-columns.ts';
import { parseWhere } from '../filter/parse-where.ts';
import type { RecordFilter } from '../filter/record-filter.ts';
import { exportColumns } from './export-columns.ts';
import { readSnapshot } from './read-snapshot.ts';
import { writeCsv } from './write-csv.ts';
import { writeNdjson } from './write-ndjson.ts';
import { writeParquet } from './write-parquet.ts';

export interface ExportOptions {
  readonly datasetId: number;
  readonly format: ExportFormat;
  readonly filter: RecordFilter;
  readonly columns: readonly ModelColumn[];
  /** CSV: texts that look like a formula stay as they are. */
  readonly rawText: boolean;
}

export const exportContentTypes: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * A stream of records as they are at the moment when it is first read. Nothing is read ahead of the reader, and
 * destroying it gives the database's session back.
 * @throws TenonError `request_invalid` for a `where` that is none
 */
export function openExport(database: Kysely<Schema>, options: ExportOptions): Readable {
  const { datasetId, format, filter, rawText } = options;
  // Refused now, while there is still an answer to refuse with.
  parseWhere(filter.where);
  const pages = readSnapshot(database, { datasetId, filter });
  const columns = exportColumns(options.columns);
  const chunks = {
    ndjson: () => writeNdjson(pages),
    csv: () => writeCsv(pages, { columns, rawText }),
    parquet: () => writeParquet(pages, columns),
  };
  return Readable.from(chunks[format](), { objectMode: false, highWaterMark: 64 * 1024 });
}
