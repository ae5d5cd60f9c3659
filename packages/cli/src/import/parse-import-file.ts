import { extname } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { parseCsv } from './parse-csv.ts';

/** One connection as the file has it, and where. */
export interface ImportEntry {
  /** Such as `line 7` or `item 3`, for messages. */
  readonly place: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads a list of connections: CSV and NDJSON by the file's extension, JSON with a list otherwise.
 * @throws TenonError `usage_invalid`; its message never repeats the text, which may be a secret
 */
export function parseImportFile(text: string, fileName: string): ImportEntry[] {
  const extension = extname(fileName).toLowerCase();
  if (extension === '.csv') return parseCsv(text).map(({ line, values }) => ({ place: `line ${line}`, value: values }));
  if (extension === '.ndjson' || extension === '.jsonl') return parseLines(text);
  const parsed = parseJson(text, fileName);
  const list = isObject(parsed) && Array.isArray(parsed['connections']) ? parsed['connections'] : parsed;
  return (Array.isArray(list) ? (list as unknown[]) : [list]).map((value, index) => {
    const place = `item ${index + 1}`;
    return { place, value: requireObject(value, place) };
  });
}

function parseLines(text: string): ImportEntry[] {
  return text.split('\n').flatMap((line, index) => {
    const place = `line ${index + 1}`;
    return line.trim() === '' ? [] : [{ place, value: requireObject(parseJson(line, place), place) }];
  });
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes what it stumbled over.
    throw new TenonError('usage_invalid', `${place} is not JSON.`, {
      hint: 'Files end in .json (a list), .ndjson (an object a line) or .csv.',
    });
  }
}

function requireObject(value: unknown, place: string): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new TenonError('usage_invalid', `${place} is not an object.`, { hint: 'Each connection is a JSON object.' });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
