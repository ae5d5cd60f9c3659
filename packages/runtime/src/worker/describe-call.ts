import type { RequestLogEntry } from '../request/index.ts';

/** A call's line in the log of a run: `GET /issues -> 200 in 31 ms`. */
export function describeCall({ method, path, status, durationMs, outcome, retryInMs }: RequestLogEntry): string {
  const answer = status === undefined ? outcome : String(status);
  const again = retryInMs === undefined ? '' : `, again in ${Math.round(retryInMs)} ms`;
  return `${method} ${path} -> ${answer} in ${Math.round(durationMs)} ms${again}`;
}
