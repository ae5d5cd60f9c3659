import type { LogKind, LogLevel } from '../contract/api/runs.ts';
import { canonicalJson } from '../execute/canonical-json.ts';
import { logLimits } from '../execute/log-limits.ts';
import { inspect } from 'node:util';

export interface RunLogEntry {
  at: number;
  kind: LogKind;
  level: LogLevel;
  message: string;
  data?: Record<string, unknown>;
}

export interface RunLogOptions {
  write(entry: RunLogEntry): void;
  /** Takes secrets out of a text. */
  redact(text: string): string;
}

/** @param kind default `log` */
export type RunLog = (level: LogLevel, message: unknown, data?: unknown, kind?: LogKind) => void;

/** The log of one run: redacted, plain JSON, and bounded, so that a script cannot fill the channel or the database. */
export function createRunLog({ write, redact }: RunLogOptions): RunLog {
  let entries = 0;
  let length = 0;
  let isFull = false;
  return (level, message, data, kind = 'log') => {
    if (isFull) return;
    const text = redact(shorten(String(message), logLimits.messageLength));
    const plain = data === undefined || data === null ? undefined : toPlainData(data, redact);
    entries += 1;
    length += text.length + (plain?.length ?? 0);
    if (entries > logLimits.entries || length > logLimits.totalLength) {
      isFull = true;
      write({
        at: Date.now(),
        kind: 'engine',
        level: 'warn',
        message: 'The log of this run is full; what follows is left out.',
      });
      return;
    }
    write({ at: Date.now(), kind, level, message: text, ...(plain === undefined ? {} : { data: plain.data }) });
  };
}

function toPlainData(
  data: unknown,
  redact: (text: string) => string,
): { data: Record<string, unknown>; length: number } {
  const json = redact(readJson(data));
  if (json.length > logLimits.dataLength) {
    return { data: { truncated: json.slice(0, logLimits.dataLength) }, length: logLimits.dataLength };
  }
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { data: isObject ? (value as Record<string, unknown>) : { value }, length: json.length };
  } catch {
    return { data: { value: json }, length: json.length };
  }
}

/** Errors and what JSON cannot carry are shown as Node would print them. */
function readJson(data: unknown): string {
  try {
    if (!(data instanceof Error)) return canonicalJson(data);
  } catch {
    // Shown below.
  }
  return JSON.stringify({ value: inspect(data, { depth: 4, breakLength: 120 }) });
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)} [... ${text.length - length} characters more]` : text;
}
