import type { ExportColumn } from './export-columns.ts';
import type { ExportValue } from './export-value.ts';
import { parseLines } from './parse-lines.ts';

/** What spreadsheets take for the beginning of a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/;

/**
 * CSV (RFC 4180): a head, CRLF, quotes where a cell needs them, JSON for what is nested, nothing for null.
 * @param options.rawText texts that look like a formula stay as they are; otherwise they get a ' before them
 */
export async function* writeCsv(
  pages: AsyncIterable<string>,
  { columns, rawText }: { columns: readonly ExportColumn[]; rawText: boolean },
): AsyncGenerator<string, void, undefined> {
  const toLine = (cells: readonly string[]): string => `${cells.map(quote).join(',')}\r\n`;
  yield toLine(columns.map(({ name }) => safe(name, rawText)));
  for await (const page of pages) {
    yield parseLines(page)
      .map((record) => toLine(columns.map((column) => toCell(column.valueOf(record), column, rawText))))
      .join('');
  }
}

function toCell(value: ExportValue, { type }: ExportColumn, rawText: boolean): string {
  if (value === null) return '';
  if (value instanceof Date) return type === 'date' ? value.toISOString().slice(0, 10) : value.toISOString();
  if (type === 'jsonb') return safe(JSON.stringify(value), rawText);
  return typeof value === 'string' ? safe(value, rawText) : String(value);
}

function safe(text: string, rawText: boolean): string {
  return !rawText && formula.test(text) ? `'${text}` : text;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
