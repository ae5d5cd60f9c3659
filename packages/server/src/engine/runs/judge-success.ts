import type { RunError } from '@tenon/runtime/contract';
import type { RunOutcome } from '../../workers/run-request.ts';
import type { RunEnding } from './run-ending.ts';

/** Of the partitions that failed, so many are named. */
const namedPartitions = 20;

/**
 * What a sync's success is worth. It committed as many records as its script saved, or something is wrong with the
 * server (or with the script, which shares a process with the counting): then nothing may count as complete. Where
 * partitions failed, it is `partial`.
 * @param committed records of this attempt, as its pages counted them
 */
export function judgeSuccess(
  outcome: Extract<RunOutcome, { status: 'succeeded' }>,
  { committed }: { committed: number },
): RunEnding {
  const { sync } = outcome;
  if (sync?.read !== committed) return { status: 'failed', error: miscounted(sync?.read, committed) };
  const { total, failed } = sync.partitions;
  if (failed.length === 0) return outcome;
  const keys = failed.map(({ key }) => key);
  const [first] = failed;
  const named = keys.slice(0, namedPartitions).join(', ');
  const error: RunError = {
    code: 'partitions_failed',
    message:
      `${failed.length} of ${total} partitions failed: ${named}${keys.length > namedPartitions ? ', ...' : ''}.` +
      (first ? ` The first one: ${first.error.message}` : ''),
    hint: 'The others went well and keep what they read; those that failed go on from where they were with the next run.',
    details: { total, failed: failed.slice(0, namedPartitions).map(({ key, error: { code } }) => ({ key, code })) },
  };
  return { status: 'partial', error, sync };
}

function miscounted(read: number | undefined, committed: number): RunError {
  return {
    code: 'run_miscounted',
    message: `The script saved ${read ?? 'an unknown number of'} records, and ${committed} were committed.`,
    hint: 'Nothing was deleted for being absent. Run it again, and report this if it happens twice.',
    details: { ...(read !== undefined && { saved: read }), committed },
  };
}
