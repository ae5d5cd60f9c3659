import type { WorkerLogEntry } from './run-request.ts';

/** Characters of a process' own output that go into its run's log. */
const maxOutputLength = 16_000;

/** What Node itself prints (warnings, its last words when the heap is full), as entries of the run's log, bounded. */
export function createWorkerOutput(
  onLog: (entry: WorkerLogEntry) => void,
  now: () => number,
): (text: string, stream: 'stdout' | 'stderr') => void {
  let length = 0;
  return (text, stream) => {
    const room = maxOutputLength - length;
    length += text.length;
    const message = text.slice(0, Math.max(room, 0)).trimEnd();
    if (message !== '') onLog({ at: now(), kind: 'log', level: stream === 'stderr' ? 'warn' : 'info', message });
  };
}
