import { TenonError } from '@tenon/runtime/errors';

/** A row by the names of the first one, and where it stands in the file. */
export interface CsvRow {
  /** From 1; of its first line. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads comma-separated values as RFC 4180 writes them: quoted cells may hold commas, line breaks and doubled quotes.
 * Empty cells are left out.
 * @throws TenonError `usage_invalid` for a row of another length than the first, or a quote that does not end
 */
export function parseCsv(text: string): CsvRow[] {
  const rows = splitRows(text.replace(/^\uFEFF/, ''));
  const [head, ...rest] = rows;
  const names = head?.cells.map((cell) => cell.trim()) ?? [];
  return rest.map(({ line, cells }) => {
    if (cells.length !== names.length) {
      throw new TenonError('usage_invalid', `Line ${line} has ${cells.length} cells, and the first ${names.length}.`, {
        hint: 'Cells with a comma are written in double quotes.',
      });
    }
    const filled = names.map((name, index) => [name, cells[index] ?? ''] as const).filter(([, cell]) => cell !== '');
    return { line, values: Object.fromEntries(filled) };
  });
}

function splitRows(text: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  let line = 1;
  let row = { line, cells: [] as string[] };
  // A cell with quotes, or one without, and what ends it.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found)
      throw new TenonError('usage_invalid', `Line ${line} has a quote that does not end, or one inside a cell.`);
    const [all, quoted, plain = '', end = ''] = found;
    row.cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += all.split('\n').length - 1;
    if (end === ',' && pattern.lastIndex < text.length) continue;
    if (end === ',') row.cells.push('');
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
    row = { line, cells: [] };
  }
  return rows;
}
