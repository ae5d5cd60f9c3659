import type { ChalkInstance } from 'chalk';
import type { TableColumn } from './format-table.ts';

/** One long piece of work that is being waited for. */
export interface Progress {
  update(label: string): void;
  /** Clears the line; prints nothing. Safe to call twice. */
  stop(): void;
}

/**
 * The only way to stdout and stderr. Human text (`line`, `table`) goes to stdout and is dropped with --json; `result`
 * and `event` are the JSON side of the same answer and are dropped without --json, so a command calls both.
 */
export interface Output {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** Colours for stdout text; plain functions when colours are off. */
  readonly colors: ChalkInstance;
  /** Columns of the terminal; 80 when there is none. */
  readonly width: number;
  /** Human text to stdout. */
  line(text?: string): void;
  /** Human text to stderr: what is not the answer itself (notices, warnings, next steps in a pipe). */
  note(text: string): void;
  table<Row>(rows: readonly Row[], columns: ReadonlyArray<TableColumn<Row>>): void;
  /** The command's one JSON document. */
  result(value: unknown): void;
  /** One JSON document a line, for commands that stream. */
  event(value: unknown): void;
  /** A spinner on a terminal, nothing elsewhere. */
  progress(label: string): Progress;
  /** Prints an error: message, hint, code, docs; `{ error }` on stdout with --json. Called by cli.ts alone. */
  error(error: unknown): void;
  /** Text as it is, to stdout, with or without --json (help, the version). */
  raw(text: string): void;
}
