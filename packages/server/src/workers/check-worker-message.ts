import type { RunError } from '@tenon/runtime/contract';
import { logLimits, type PackedPage, type WorkerMessage } from '@tenon/runtime/execute';

/** A worker said something that the protocol does not allow, or said it for another run. */
export class WorkerMessageRefused extends Error {}

const maxPageRecords = 1_000;
const maxIdLength = 1_000;
/** A page is closed at 2,000,000 characters, by a record of up to as many. */
const maxPageLength = 4_000_000;
const maxTextLength = 20_000;
const hashLength = 16;
const modelName = /^[A-Z][A-Za-z0-9]{0,99}$/;
const logLevels = new Set(['debug', 'info', 'warn', 'error']);

type Fields = Readonly<Record<string, unknown>>;
type RunMessage = Exclude<WorkerMessage, { type: 'ready' }>;

/**
 * Reads a message of a worker. Scripts share a process with its sender, so nothing in it is taken on trust. By hand
 * rather than by a schema: a page has thousands of fields, and this takes 10 us for one.
 * @throws WorkerMessageRefused
 */
export function checkWorkerMessage(message: unknown, runId: string): RunMessage {
  if (!isFields(message) || message.runId !== runId) throw new WorkerMessageRefused('it is not of this run');
  switch (message.type) {
    case 'started':
    case 'renew-credential':
      return { type: message.type, runId };
    case 'page':
      return { type: 'page', runId, page: checkPage(message.page) };
    case 'log':
      return checkLog(message, runId);
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
  const { sequence, model, ids, jsons, removedIds, hashes, cursor } = page;
  if (typeof sequence !== 'number' || !Number.isInteger(sequence))
    throw new WorkerMessageRefused("the page's sequence");
  if (typeof model !== 'string' || !modelName.test(model)) throw new WorkerMessageRefused("the page's model");
  if (!areTexts(ids, maxIdLength) || !areTexts(removedIds, maxIdLength))
    throw new WorkerMessageRefused("the page's ids");
  if (!areTexts(jsons, maxPageLength) || jsons.length !== ids.length)
    throw new WorkerMessageRefused("the page's records");
  if (jsons.reduce((length, json) => length + json.length, 0) > maxPageLength)
    throw new WorkerMessageRefused('the page is too large');
  if (!(hashes instanceof Uint8Array) || hashes.byteLength !== ids.length * hashLength) {
    throw new WorkerMessageRefused("the page's hashes");
  }
  const checked = { sequence, model, ids, jsons, hashes, removedIds };
  return cursor === undefined ? checked : { ...checked, cursor: checkCursor(cursor) };
}

function checkLog(message: Fields, runId: string): RunMessage {
  const { at, level, message: text, data } = message;
  if (typeof level !== 'string' || !logLevels.has(level) || typeof text !== 'string' || !isTime(at)) {
    throw new WorkerMessageRefused('the log entry');
  }
  const entry = {
    type: 'log' as const,
    runId,
    at,
    level: level as 'debug' | 'info' | 'warn' | 'error',
    message: text.slice(0, logLimits.messageLength + 100),
  };
  return isFields(data) ? { ...entry, data } : entry;
}

function checkSuccess({ output, cursor, reusable }: Fields, runId: string): RunMessage {
  return {
    type: 'succeeded',
    runId,
    reusable: reusable === true,
    ...(output === undefined ? {} : { output }),
    ...(cursor === undefined ? {} : { cursor: checkCursor(cursor) }),
  };
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
