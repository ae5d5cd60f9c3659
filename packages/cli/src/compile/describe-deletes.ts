import type { SyncManifest } from '@tenon/runtime/contract';
import type { Reporter } from './problem-reporter.ts';
import { isObject, type RawOptions } from './read-definition.ts';

/** Reads how records of a sync come to be deleted. */
export function describeDeletes(
  options: RawOptions,
  reporter: Reporter,
): Pick<SyncManifest, 'deletes' | 'deletedFlag'> {
  const deletes = options['deletes'] ?? 'none';
  if (isObject(deletes) && typeof deletes['flag'] === 'string' && deletes['flag'] !== '') {
    return { deletes: 'flag', deletedFlag: deletes['flag'] };
  }
  if (deletes !== 'none' && deletes !== 'feed' && deletes !== 'absence') {
    reporter.report("deletes is 'none', 'feed', 'absence' or { flag: 'field' }.", { at: ['deletes'] });
    return { deletes: 'none' };
  }
  if (deletes === 'absence' && options['cursor'] !== undefined) {
    reporter.report(
      "deletes: 'absence' cannot be combined with a cursor: a run with a cursor does not see everything.",
      {
        at: ['deletes'],
        hint: "Remove the cursor to read everything each time, or declare 'feed' and delete with sync.delete().",
      },
    );
  }
  return { deletes };
}
