import type { SyncDefinition } from '../../define/define-sync.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { canonicalJson } from '../canonical-json.ts';
import { describeIssues } from '../describe-issues.ts';

/** In UTF-16 units of its JSON; the server takes twice as much. */
const maxLength = 500_000;

/**
 * A checkpoint as the sync's schema reads it, and as it is stored.
 * @throws TenonError `checkpoint_invalid`
 */
export function readCheckpoint({ options }: SyncDefinition, given: unknown): { value: unknown; stored: unknown } {
  if (!options.checkpoint) {
    throw new TenonError('checkpoint_invalid', 'The sync does not declare a checkpoint.', {
      hint: 'Add its shape to the definition: `checkpoint: z.object({ ... })`.',
    });
  }
  const parsed = options.checkpoint.safeParse(given);
  if (!parsed.success) {
    const issues = describeIssues(parsed.error);
    throw new TenonError('checkpoint_invalid', `The checkpoint is not what the sync declares: ${issues.text}.`, {
      hint: 'Compare what setCheckpoint is given with the `checkpoint` schema of the sync.',
      details: { problems: issues.problems },
    });
  }
  return { value: parsed.data, stored: toStored(parsed.data) };
}

/** A stored checkpoint as the schema reads it; undefined: there is none, or the schema has changed since. */
export function reviveCheckpoint({ options }: SyncDefinition, stored: unknown, onUnreadable: () => void): unknown {
  if (stored === undefined || stored === null || !options.checkpoint) return undefined;
  const parsed = options.checkpoint.safeParse(stored);
  if (parsed.success) return parsed.data;
  onUnreadable();
  return undefined;
}

function toStored(value: unknown): unknown {
  let json: string;
  try {
    json = canonicalJson(value);
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    throw new TenonError('checkpoint_invalid', `The checkpoint is not JSON: ${error.message}`, {
      hint: 'Give setCheckpoint what JSON has: objects, lists, texts, numbers, booleans and null.',
    });
  }
  if (json.length <= maxLength) return JSON.parse(json);
  throw new TenonError(
    'checkpoint_invalid',
    `The checkpoint has ${json.length} characters; the limit is ${maxLength}.`,
    {
      hint: 'Keep a position in it, and save what is read as records.',
    },
  );
}
