import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ChalkInstance } from 'chalk';
import { findSecrets } from '../lint/find-secrets.ts';
import { hideSecrets } from '../lint/hide-secrets.ts';

export interface Place {
  /** From the project's root. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  /** From 1. */
  readonly column?: number | undefined;
}

const around = 2;

/** What may hold a literal. */
const scripts = /\.[cm]?[jt]sx?$/;

/** The lines around a place in a source file, the place marked, secrets covered; none when it cannot be read. */
export async function codeFrame(
  place: Place,
  options: {
    root: string;
    colors: ChalkInstance;
    /** Columns; longer lines are cut. Default: as long as they are. */
    width?: number;
  },
): Promise<string[]> {
  if (place.file === undefined || place.line === undefined) return [];
  const text = readText(resolve(options.root, place.file));
  if (text === undefined) return [];
  const secrets = scripts.test(place.file) ? await findSecrets(text, place.file) : [];
  const lines = hideSecrets(text, { file: place.file, secrets }).split(/\r?\n/);
  const from = Math.max(1, place.line - around);
  const to = Math.min(lines.length, place.line + around);
  const width = String(to).length;
  const { colors } = options;
  const room = Math.max(20, (options.width ?? Number.POSITIVE_INFINITY) - width - 5);
  const frame: string[] = [];
  for (let number = from; number <= to; number++) {
    const isIt = number === place.line;
    const gutter = `${isIt ? colors.red('>') : ' '} ${colors.dim(`${String(number).padStart(width)} |`)}`;
    // A tab counts as one column for compilers and as several for terminals.
    frame.push(`${gutter} ${cut((lines[number - 1] ?? '').replaceAll('\t', ' '), room)}`);
    if (isIt && place.column !== undefined && place.column <= room) {
      frame.push(`  ${' '.repeat(width)} ${colors.dim('|')} ${' '.repeat(place.column - 1)}${colors.red('^')}`);
    }
  }
  return frame;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
