import { stripVTControlCharacters } from 'node:util';
import { removeControls } from './remove-controls.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | boolean | null | undefined;
  readonly align?: 'left' | 'right';
}

/** Lays rows out in columns that are as wide as their widest cell; colours in cells do not count. */
export function formatTable<Row>(rows: readonly Row[], columns: ReadonlyArray<TableColumn<Row>>): string[] {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => toCell(column.value(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => visibleLength(line[index] ?? ''))));
  return cells.map((line) =>
    line
      .map((cell, index) => {
        const padding = ' '.repeat((widths[index] ?? 0) - visibleLength(cell));
        return columns[index]?.align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** One line: a name that has several would make up rows. */
function toCell(value: unknown): string {
  return removeControls(String(value ?? '')).replaceAll(/[\n\t\u2028\u2029]+/g, ' ');
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
