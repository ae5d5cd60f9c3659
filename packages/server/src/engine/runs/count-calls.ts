import { maxEntriesPerRun, type RunLog } from './run-logs.ts';

/** The log of a run, whose calls to the provider are counted on the way. */
export interface CountingLog extends RunLog {
  /** undefined: the run logged more than is passed on, so that nobody knows. */
  calls(): number | undefined;
}

/** Each call to the provider is a line of kind `http`. */
export function countCalls(log: RunLog): CountingLog {
  let lines = 0;
  let calls = 0;
  return {
    write(entry) {
      lines += 1;
      if (entry.kind === 'http') calls += 1;
      log.write(entry);
    },
    calls: () => (lines < maxEntriesPerRun ? calls : undefined),
  };
}
