import type { ModelSchema } from '../define/define-sync.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { canonicalJson } from './canonical-json.ts';
import { describeIssues } from './describe-issues.ts';
import { hashRecord } from './hash-record.ts';
import type { OutgoingRecord } from './worker-protocol.ts';

/** In UTF-8. Postgres' B-tree holds keys of up to 2,704 bytes; ids are part of one. */
const maxIdBytes = 1_000;
/** What a text column cannot hold: NUL and halves of surrogate pairs. */
const unstorable = /[\0\p{Surrogate}]/u;
/** In UTF-16 units of its JSON. */
const maxRecordLength = 2_000_000;

export interface PreparedRecord extends Pick<OutgoingRecord, 'id' | 'hash' | 'json'> {
  /** The record as the model reads it: the stored form. */
  readonly value: Record<string, unknown>;
}

/**
 * Reads a record as its model says (unknown keys are dropped, as zod does by default) and serialises it once.
 * @throws TenonError `record_invalid` that names the model, the record's id, the path and what was expected
 */
export function prepareRecord(model: string, schema: ModelSchema, record: unknown): PreparedRecord {
  const parsed = schema.safeParse(record);
  if (!parsed.success) {
    const issues = describeIssues(parsed.error);
    throw invalidRecord(model, record, issues.text, { path: issues.path, problems: issues.problems });
  }
  const value: Record<string, unknown> = parsed.data;
  const id = readRecordId(model, value.id, record);
  const json = serialise(model, value);
  if (json.length > maxRecordLength) {
    throw invalidRecord(model, record, `it has ${json.length} characters as JSON; the limit is ${maxRecordLength}`);
  }
  return { id, hash: hashRecord(json), json, value };
}

/**
 * The id of a record or of a removal, as text.
 * @throws TenonError `record_invalid`
 */
export function readRecordId(model: string, id: unknown, record: unknown = { id }): string {
  const text = typeof id === 'number' && Number.isFinite(id) ? String(id) : id;
  if (typeof text !== 'string' || text === '') {
    throw invalidRecord(model, record, 'id: expected a number or a text that is not empty', { path: 'id' });
  }
  // A UTF-16 unit is three bytes at most, so short ids need no count.
  if (text.length > maxIdBytes / 3 && Buffer.byteLength(text) > maxIdBytes) {
    throw invalidRecord(model, record, `id: expected at most ${maxIdBytes} bytes`, { path: 'id' });
  }
  if (unstorable.test(text)) {
    throw invalidRecord(model, record, 'id: expected text without NUL or half characters', { path: 'id' });
  }
  return text;
}

function serialise(model: string, value: Record<string, unknown>): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    throw invalidRecord(model, value, error.message.replace(/\.$/, ''), error.details);
  }
}

function invalidRecord(
  model: string,
  record: unknown,
  problem: string,
  details: Record<string, unknown> = {},
): TenonError {
  const id = shownId(record);
  return new TenonError(
    'record_invalid',
    `${model} ${id === undefined ? 'without an id' : `"${id}"`} is not valid: ${problem}.`,
    {
      hint: `Map the provider's value in the script, or change the model ${model}.`,
      details: { model, ...(id === undefined ? {} : { id }), ...details },
    },
  );
}

function shownId(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('id' in record)) return undefined;
  const { id } = record;
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 200) : undefined;
}
