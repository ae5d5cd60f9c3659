import { parentPort, workerData } from 'node:worker_threads';
import { lintFiles } from './lint-files.ts';
import type { LintInput } from './lint-input.ts';

// The entry of the thread that lint-project.ts starts.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin, a window has.
parentPort?.postMessage(await lintFiles(workerData as LintInput));
