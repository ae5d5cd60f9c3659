import { TenonError } from '../../errors/tenon-error.ts';

/** In UTF-8. Postgres' B-tree holds keys of up to 2,704 bytes; ids are part of one. */
const maxIdBytes = 1_000;
/** What a text column cannot hold: NUL and halves of surrogate pairs. */
const unstorable = /[\0\p{Surrogate}]/u;

/** What is wrong with an id; undefined: nothing. */
export function findIdProblem(id: unknown): string | undefined {
  const text = toIdText(id);
  if (text === undefined) return 'expected a number or a text that is not empty';
  // A UTF-16 unit is three bytes at most, so short ids need no count.
  if (text.length > maxIdBytes / 3 && Buffer.byteLength(text) > maxIdBytes) {
    return `expected at most ${maxIdBytes} bytes`;
  }
  return unstorable.test(text) ? 'expected text without NUL or half characters' : undefined;
}

/** The id as text; undefined: there is none that could name a record. */
export function readId(id: unknown): string | undefined {
  return findIdProblem(id) === undefined ? toIdText(id) : undefined;
}

/**
 * The ids that a script gave, as text.
 * @throws TenonError `record_invalid`
 */
export function readIds(model: string, ids: readonly unknown[]): string[] {
  return ids.map((id) => {
    const problem = findIdProblem(id);
    if (problem === undefined) return toIdText(id) ?? '';
    throw new TenonError('record_invalid', `An id of ${model} is not valid: ${problem}.`, {
      hint: 'Give ids as the records have them.',
      details: { model, path: 'id' },
    });
  });
}

function toIdText(id: unknown): string | undefined {
  const text = typeof id === 'number' && Number.isFinite(id) ? String(id) : id;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
