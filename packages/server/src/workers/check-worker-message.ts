import type { RunError } from '@tenon/runtime/contract';
import {
  askSchema,
  logLimits,
  type Ask,
  type PackedPage,
  type StartRun,
  type SyncResult,
  type WorkerMessage,
} from '@tenon/runtime/execute';

/** A worker said something that the protocol does not allow, or said it for another run. */
export class WorkerMessageRefused extends Error {}

const maxPageRecords = 1_000;
const maxIdLength = 1_000;
/** A page is closed at 2,000,000 characters, by a record of up to as many. */
const maxPageLength = 4_000_000;
const maxTextLength = 20_000;
const maxPartitionLength = 500;
const maxProblems = 20;
const maxFailedPartitions = 1_000;
/** Of a checkpoint or of the progress, as JSON. */
const maxStateLength = 1_000_000;
/** Compressed. A dry run may keep 20 MB. */
const maxCaptureBytes = 25_000_000;
const hashLength = 16;
const modelName = /^[A-Z][A-Za-z0-9]{0,99}$/;
const logLevels = new Set(['debug', 'info', 'warn', 'error']);

type Fields = Readonly<Record<string, unknown>>;
type RunMessage = Exclude<WorkerMessage, { type: 'ready' }>;

/** The run that a worker was given. */
export interface WorkersRun {
  readonly runId: string;
  readonly kind: StartRun['function']['kind'];
  /** Of syncs. */
  readonly mode?: NonNullable<StartRun['sync']>['mode'] | undefined;
}

/** Questions that are of syncs alone: about their records and their state. */
const syncAsks = new Set<Ask['kind']>(['partition-state', 'read-records', 'list-records', 'list-quarantined']);

/**
 * Reads a message of a worker. Scripts share a process with its sender, so nothing in it is taken on trust. By hand
 * rather than by a schema: a page has thousands of fields, and this takes 10 us for one.
 * @throws WorkerMessageRefused
 */
export function checkWorkerMessage(message: unknown, run: WorkersRun): RunMessage {
  const { runId } = run;
  if (!isFields(message) || message.runId !== runId) throw new WorkerMessageRefused('it is not of this run');
  switch (message.type) {
    case 'started':
    case 'renew-credential':
      return { type: message.type, runId };
    case 'ask':
      return checkAsk(message, run);
    case 'page':
      if (run.kind !== 'sync') throw new WorkerMessageRefused('only syncs save records');
      return { type: 'page', runId, page: checkPage(message.page) };
    case 'log':
      return checkLog(message, runId);
    case 'capture':
      return checkCapture(message.capture, runId);
    case 'succeeded':
      return checkSuccess(message, runId);
    case 'failed':
      return { type: 'failed', runId, error: checkError(message.error), reusable: message.reusable === true };
    default:
      throw new WorkerMessageRefused(`its type is ${String(message.type).slice(0, 50)}`);
  }
}

function checkPage(page: unknown): PackedPage {
  if (!isFields(page)) throw new WorkerMessageRefused('the page is no object');
  const { sequence, model, ids, jsons, deletedIds, hashes, cursor } = page;
  if (typeof sequence !== 'number' || !Number.isInteger(sequence))
    throw new WorkerMessageRefused("the page's sequence");
  if (typeof model !== 'string' || !modelName.test(model)) throw new WorkerMessageRefused("the page's model");
  if (!areTexts(ids, maxIdLength) || !areTexts(deletedIds, maxIdLength))
    throw new WorkerMessageRefused("the page's ids");
  if (!areTexts(jsons, maxPageLength) || jsons.length !== ids.length)
    throw new WorkerMessageRefused("the page's records");
  if (jsons.reduce((length, json) => length + json.length, 0) > maxPageLength)
    throw new WorkerMessageRefused('the page is too large');
  if (!(hashes instanceof Uint8Array) || hashes.byteLength !== ids.length * hashLength) {
    throw new WorkerMessageRefused("the page's hashes");
  }
  const checked = { sequence, model, ids, jsons, hashes, deletedIds, ...checkPageMore(page, ids.length) };
  return cursor === undefined ? checked : { ...checked, cursor: cursor === null ? null : checkCursor(cursor) };
}

type PageMore = Omit<PackedPage, 'sequence' | 'model' | 'ids' | 'jsons' | 'hashes' | 'deletedIds' | 'cursor'>;

function checkPageMore(page: Fields, count: number): PageMore {
  const { partition, observedMs, versions, deletedPlaces, bases, deletedObservedMs, checkpoint, progress } = page;
  if (typeof partition !== 'string' || partition.length > maxPartitionLength) {
    throw new WorkerMessageRefused("the page's partition");
  }
  if (!isColumn(observedMs, count) || (versions !== undefined && !isColumn(versions, count))) {
    throw new WorkerMessageRefused("the page's columns");
  }
  if (!isTime(deletedObservedMs) || !observedMs.every(isTime)) throw new WorkerMessageRefused("the page's times");
  return {
    partition,
    observedMs,
    ...(versions !== undefined && { versions }),
    ...(deletedPlaces !== undefined && { deletedPlaces: checkPlaces(deletedPlaces, count) }),
    ...(bases !== undefined && { bases: checkBases(bases, count) }),
    deletedObservedMs,
    quarantined: checkQuarantined(page.quarantined),
    settledQuarantine: checkPlaces(page.settledQuarantine, Number.MAX_SAFE_INTEGER),
    ...(checkpoint !== undefined && { checkpoint: checkJson(checkpoint, 'checkpoint') }),
    ...(progress !== undefined && { progress: progress === null ? null : checkProgress(progress) }),
  };
}

function isColumn(value: unknown, length: number): value is Float64Array {
  return value instanceof Float64Array && value.length === length;
}

function checkPlaces(places: unknown, count: number): number[] {
  if (!Array.isArray(places) || places.length > maxPageRecords) throw new WorkerMessageRefused("the page's places");
  return places.map((place: unknown) => {
    if (typeof place === 'number' && Number.isInteger(place) && place >= 0 && place < count) return place;
    throw new WorkerMessageRefused("the page's places");
  });
}

function checkBases(bases: unknown, count: number): Array<[number, string]> {
  if (!Array.isArray(bases) || bases.length > maxPageRecords) throw new WorkerMessageRefused("the page's bases");
  return bases.map((entry: unknown) => {
    const [place, hash] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const isPlace = typeof place === 'number' && Number.isInteger(place) && place >= 0 && place < count;
    if (isPlace && typeof hash === 'string' && /^[0-9a-f]{32}$/.test(hash)) return [place, hash];
    throw new WorkerMessageRefused("the page's bases");
  });
}

function checkQuarantined(given: unknown): PackedPage['quarantined'] {
  if (!Array.isArray(given) || given.length > maxPageRecords) throw new WorkerMessageRefused("the page's quarantine");
  return given.map((entry: unknown) => {
    const { id, json, problems } = isFields(entry) ? entry : {};
    const isGood =
      (id === null || (typeof id === 'string' && id.length <= maxIdLength)) &&
      typeof json === 'string' &&
      json.length <= maxPageLength &&
      Array.isArray(problems);
    if (!isGood) throw new WorkerMessageRefused("the page's quarantine");
    return { id, json, problems: problems.slice(0, maxProblems).map(checkProblem) };
  });
}

function checkProblem(problem: unknown): { path: string; message: string } {
  const { path, message } = isFields(problem) ? problem : {};
  if (typeof path !== 'string' || typeof message !== 'string') throw new WorkerMessageRefused("a record's problem");
  return { path: path.slice(0, 500), message: message.slice(0, 500) };
}

function checkProgress(progress: unknown): Record<string, unknown> {
  if (!isFields(progress)) throw new WorkerMessageRefused("the page's progress");
  checkJson(progress, 'progress');
  return { ...progress };
}

function checkJson(value: unknown, name: string): unknown {
  if ((JSON.stringify(value) ?? '').length <= maxStateLength) return value;
  throw new WorkerMessageRefused(`the ${name} is too large`);
}

function checkAsk({ askId, ask }: Fields, run: WorkersRun): RunMessage {
  const parsed = askSchema.safeParse(ask);
  if (typeof askId !== 'number' || !Number.isInteger(askId) || !parsed.success) {
    throw new WorkerMessageRefused('a question');
  }
  if (!mayAsk(parsed.data, run)) throw new WorkerMessageRefused(`${parsed.data.kind} is no question of this run`);
  return { type: 'ask', runId: run.runId, askId, ask: parsed.data };
}

function mayAsk({ kind }: Ask, run: WorkersRun): boolean {
  if (run.kind === 'hook') return false;
  if (kind === 'list-quarantined') return run.mode === 'replay';
  return run.kind === 'sync' || !syncAsks.has(kind);
}

function checkLog(message: Fields, runId: string): RunMessage {
  const { at, kind = 'log', level, message: text, data } = message;
  if (kind !== 'log' && kind !== 'http' && kind !== 'engine') throw new WorkerMessageRefused('the log entry');
  if (typeof level !== 'string' || !logLevels.has(level) || typeof text !== 'string' || !isTime(at)) {
    throw new WorkerMessageRefused('the log entry');
  }
  const entry = {
    type: 'log' as const,
    runId,
    at,
    kind: kind as 'log' | 'http' | 'engine',
    level: level as 'debug' | 'info' | 'warn' | 'error',
    message: text.slice(0, logLimits.messageLength + 100),
  };
  return isFields(data) ? { ...entry, data } : entry;
}

function checkCapture(capture: unknown, runId: string): RunMessage {
  if (capture instanceof Uint8Array && capture.byteLength <= maxCaptureBytes)
    return { type: 'capture', runId, capture };
  throw new WorkerMessageRefused('the capture');
}

function checkSuccess({ output, sync, reusable }: Fields, runId: string): RunMessage {
  return {
    type: 'succeeded',
    runId,
    reusable: reusable === true,
    ...(output === undefined ? {} : { output }),
    ...(sync === undefined ? {} : { sync: checkSyncResult(sync) }),
  };
}

function checkSyncResult(sync: unknown): SyncResult {
  const { read, partitions } = isFields(sync) ? sync : {};
  const { total, failed } = isFields(partitions) ? partitions : {};
  if (typeof read !== 'number' || typeof total !== 'number' || !Array.isArray(failed)) {
    throw new WorkerMessageRefused('the result of the sync');
  }
  const shown = failed.slice(0, maxFailedPartitions).map((entry: unknown) => {
    const { key, error } = isFields(entry) ? entry : {};
    if (typeof key !== 'string') throw new WorkerMessageRefused('a failed partition');
    return { key: key.slice(0, maxPartitionLength), error: checkError(error) };
  });
  return { read, partitions: { total, failed: shown } };
}

function checkCursor(cursor: unknown): string | number {
  if (typeof cursor === 'number' && Number.isFinite(cursor)) return cursor;
  if (typeof cursor === 'string' && cursor.length <= maxIdLength) return cursor;
  throw new WorkerMessageRefused('the cursor');
}

function checkError(error: unknown): RunError {
  if (!isFields(error) || typeof error.code !== 'string' || typeof error.message !== 'string') {
    throw new WorkerMessageRefused('the error');
  }
  const { code, message, hint, stack, details } = error;
  return {
    code: code.slice(0, 100),
    message: message.slice(0, maxTextLength),
    ...(typeof hint === 'string' ? { hint: hint.slice(0, maxTextLength) } : {}),
    ...(typeof stack === 'string' ? { stack: stack.slice(0, maxTextLength) } : {}),
    ...(isFields(details) ? { details } : {}),
  };
}

function areTexts(value: unknown, maxLength: number): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= maxPageRecords &&
    value.every((text) => typeof text === 'string' && text.length <= maxLength)
  );
}

/** From 1970 to 9999: what every end of the way (Postgres, JSON, Date) can write down. One bad date would lose a batch. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 253_402_300_800_000;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
