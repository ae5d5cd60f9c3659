import { stripVTControlCharacters } from 'node:util';
import { removeControls } from './remove-controls.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | boolean | null | undefined;
  readonly align?: 'left' | 'right';
}

/** Narrower than this, a wrapped last column is harder to read than blocks. */
const narrowestLastColumn = 24;

/**
 * Lays rows out in columns that are as wide as their widest cell; colours in cells do not count. What does not fit
 * into a terminal's width has its last column wrapped, or, with even less room, becomes a block of lines a row: nothing
 * is ever cut off, so that ids can be copied.
 * @param width in characters; absent: no limit, as in a pipe
 */
export function formatTable<Row>(
  rows: readonly Row[],
  columns: ReadonlyArray<TableColumn<Row>>,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => toCell(column.value(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => visibleLength(line[index] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + separator.length, 0);
  const lastWidth = width - before;
  const isFitting = before + (widths.at(-1) ?? 0) <= width;
  if (!isFitting && lastWidth < narrowestLastColumn) return formatBlocks(cells, columns);
  return cells.flatMap((line) => {
    const [first = '', ...more] = isFitting ? [line.at(-1) ?? ''] : wrapWords(line.at(-1) ?? '', lastWidth);
    const wrapped = [[...line.slice(0, -1), first], ...more.map((text) => [...line.slice(0, -1).map(() => ''), text])];
    return wrapped.map((each) => formatLine(each, { widths, columns }));
  });
}

const separator = '  ';

function formatLine<Row>(
  line: readonly string[],
  { widths, columns }: { widths: readonly number[]; columns: ReadonlyArray<TableColumn<Row>> },
): string {
  return line
    .map((cell, index) => {
      const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - visibleLength(cell)));
      return columns[index]?.align === 'right' ? padding + cell : cell + padding;
    })
    .join(separator)
    .trimEnd();
}

/** The titles stand before each value; an empty first line stands for the head that the other layout has. */
function formatBlocks<Row>(
  [titles = [], ...rows]: readonly string[][],
  columns: ReadonlyArray<TableColumn<Row>>,
): string[] {
  const titleWidth = Math.max(...columns.map(({ title }) => title.length));
  const blocks = rows.map((row) =>
    row.flatMap((cell, index) =>
      cell === '' ? [] : [`${(titles[index] ?? '').padEnd(titleWidth)}${separator}${cell}`.trimStart()],
    ),
  );
  return ['', ...blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]))];
}

/** Breaks at spaces; a word that is longer than the width keeps a line to itself. Coloured text is left as it is. */
function wrapWords(text: string, width: number): string[] {
  if (stripVTControlCharacters(text) !== text) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** One line: a name that has several would make up rows. */
function toCell(value: unknown): string {
  return removeControls(String(value ?? '')).replaceAll(/[\n\t\u2028\u2029]+/g, ' ');
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
