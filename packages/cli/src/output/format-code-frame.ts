import type { ChalkInstance } from 'chalk';

export interface CodeFrameOptions {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
  readonly colors: ChalkInstance;
}

/** The line that is meant with one before and one after it, and a mark below the column. */
export function formatCodeFrame(text: string, { line, column, colors }: CodeFrameOptions): string[] {
  const lines = text.split(/\r?\n/);
  if (line < 1 || line > lines.length) return [];
  const last = Math.min(lines.length, line + 1);
  const gutter = String(last).length;
  const frame: string[] = [];
  for (let number = Math.max(1, line - 1); number <= last; number += 1) {
    const isMeant = number === line;
    const prefix = `${isMeant ? colors.red('>') : ' '} ${colors.dim(`${String(number).padStart(gutter)} |`)}`;
    // A tab counts as one column for compilers and as several for terminals.
    const content = (lines[number - 1] ?? '').replaceAll('\t', ' ');
    frame.push(`${prefix} ${content}`.trimEnd());
    if (isMeant && column !== undefined) {
      frame.push(`  ${colors.dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(column - 1)}${colors.red('^')}`);
    }
  }
  return frame;
}
