import type { CaptureLimits } from '@tenon/runtime/execute';

/** Of every run: what a worker may grow by. A list of a hundred large items has some 500 kB. */
export const runCaptureLimits: CaptureLimits = { runBytes: 4_000_000, bodyBytes: 1_000_000, always: false };

/** Of a dry run, whose purpose is the capture. */
export const dryCaptureLimits: CaptureLimits = { runBytes: 20_000_000, bodyBytes: 5_000_000, always: true };
