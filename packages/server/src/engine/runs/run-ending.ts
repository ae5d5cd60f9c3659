import type { RunError } from '@tenon/runtime/contract';
import type { SyncResult } from '@tenon/runtime/execute';
import type { RunOutcome } from '../../workers/run-request.ts';

/** How a run ends, after the server compared what the worker says with what it knows. */
export type RunEnding = RunOutcome | { status: 'partial'; error: RunError; sync: SyncResult };

export type FailedEnding = Exclude<RunEnding, { status: 'succeeded' }>;
