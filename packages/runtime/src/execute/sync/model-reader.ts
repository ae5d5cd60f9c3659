import type { SyncManifest } from '../../contract/manifest.ts';
import type { ModelSchema, SyncDefinition } from '../../define/define-sync.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { canonicalJson } from '../canonical-json.ts';
import { describeIssues } from '../describe-issues.ts';
import { hashRecord } from '../hash-record.ts';
import type { OutgoingRecord, QuarantinedRecord } from '../worker-protocol.ts';
import { applyContract } from './apply-contract.ts';
import type { CursorValue } from './compare-cursors.ts';
import { omitPaths } from './omit-paths.ts';
import { quarantineJson } from './quarantine-json.ts';
import { findIdProblem, readId } from './record-id.ts';
import { readVersion } from './read-version.ts';
import { readCursorValue } from './run-cursor.ts';

/** In UTF-16 units of its JSON. */
const maxRecordLength = 2_000_000;

interface Read {
  /** Of the cursor's field, where it can be read. */
  readonly cursorValue: CursorValue | undefined;
}

/** What one record is that a script gave. */
export type RecordRead =
  | (Read & { readonly kind: 'record'; readonly record: Omit<OutgoingRecord, 'observedMs' | 'basis'> })
  /** It says no more than that it is deleted. */
  | (Read & { readonly kind: 'deleted'; readonly id: string })
  | (Read & { readonly kind: 'invalid'; readonly entry: QuarantinedRecord });

/** Reads records as one model says. */
export interface ModelReader {
  readonly name: string;
  /** As its contract reads it. */
  readonly schema: ModelSchema;
  read(given: unknown): RecordRead;
}

export interface ModelReaders {
  /** @throws TenonError `model_unknown` */
  get(model: string): ModelReader;
  /** The model whose page carries state when there is no record to carry it. */
  readonly first: string;
}

/** Prepares reading records as the models of a sync say: contract, hash, version and deletion flag. */
export function createModelReaders({ options }: SyncDefinition, cursor: SyncManifest['cursor']): ModelReaders {
  const readers = new Map<string, ModelReader>();
  const names = Object.keys(options.models);
  return {
    first: names[0] ?? '',
    get(model) {
      const known = readers.get(model);
      if (known) return known;
      const schema = Object.hasOwn(options.models, model) ? options.models[model] : undefined;
      if (!schema) {
        throw new TenonError('model_unknown', `The sync does not declare a model "${model}".`, {
          hint: `It declares ${names.join(', ')}. Add the model to \`models\`, or save to one of these.`,
        });
      }
      const { contract = 'discard', volatile = [], version } = options.modelOptions?.[model] ?? {};
      const reader = createModelReader(model, applyContract(schema, contract), {
        cursorField: cursor?.field,
        versionField: version ?? cursor?.field,
        volatile: volatile.map((path) => path.split('.')),
        flag: typeof options.deletes === 'object' ? options.deletes.flag : undefined,
      });
      readers.set(model, reader);
      return reader;
    },
  };
}

interface ReadingOptions {
  readonly cursorField: string | undefined;
  readonly versionField: string | undefined;
  readonly volatile: ReadonlyArray<readonly string[]>;
  readonly flag: string | undefined;
}

function createModelReader(
  name: string,
  schema: ModelSchema,
  { cursorField, versionField, volatile, flag }: ReadingOptions,
): ModelReader {
  const hash = (json: string, value: unknown): Uint8Array =>
    hashRecord(volatile.length === 0 ? json : canonicalJson(omitPaths(value, volatile)));

  return {
    name,
    schema,
    read(given) {
      const parsed = schema.safeParse(given);
      if (!parsed.success) {
        const raw = isObject(given) ? given : {};
        const cursorValue = cursorField === undefined ? undefined : readField(schema, cursorField, raw);
        const id = readId(raw['id']);
        // Of what is deleted, some providers give the id and nothing else.
        if (id !== undefined && flag !== undefined && isSet(raw[flag])) return { kind: 'deleted', id, cursorValue };
        const problems = describeIssues(parsed.error).problems.map(({ path, expected }) => ({
          path,
          message: expected,
        }));
        return { kind: 'invalid', cursorValue, entry: { id: id ?? null, json: quarantineJson(given), problems } };
      }
      const value: Record<string, unknown> = parsed.data;
      const cursorValue = cursorField === undefined ? undefined : readCursorValue(value[cursorField]);
      const written = writeRecord(value);
      if (!('json' in written)) {
        const id = readId(value['id']) ?? null;
        return { kind: 'invalid', cursorValue, entry: { id, json: quarantineJson(given), problems: [written] } };
      }
      const { id, json } = written;
      const version = versionField === undefined ? undefined : readVersion(value[versionField]);
      const flagged = flag !== undefined && isSet(flag in value ? value[flag] : isObject(given) && given[flag]);
      const record = {
        id,
        hash: hash(json, value),
        json,
        ...(version !== undefined && { version }),
        ...(flagged && { isDeleted: true }),
      };
      return { kind: 'record', record, cursorValue };
    },
  };
}

/** The stored form of a record, or what stands against storing it. */
function writeRecord(value: Record<string, unknown>): { id: string; json: string } | { path: string; message: string } {
  const id = readId(value['id']);
  if (id === undefined) return { path: 'id', message: findIdProblem(value['id']) ?? '' };
  try {
    const json = canonicalJson(value);
    if (json.length <= maxRecordLength) return { id, json };
    return { path: '', message: `it has ${json.length} characters as JSON; the limit is ${maxRecordLength}` };
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return { path: String(error.details?.['path'] ?? ''), message: error.message };
  }
}

/** One field of a record that is not valid as a whole, as its schema reads it. */
function readField(schema: ModelSchema, field: string, raw: Record<string, unknown>): CursorValue | undefined {
  const parsed = schema.shape[field]?.safeParse(raw[field]);
  return parsed?.success === true ? readCursorValue(parsed.data) : undefined;
}

/** Whether a deletion flag says that the record is deleted: true, a time, a text; not false, null or nothing. */
function isSet(flag: unknown): boolean {
  return flag !== undefined && flag !== null && flag !== false;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
