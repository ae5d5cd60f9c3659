/**
 * What an executor shows whenever it writes for a run: that it still owns this attempt of it. The attempt grows with
 * every hand-over, so one that lost its claim (frozen, cut off from the database) can change nothing any more.
 */
export interface RunClaim {
  readonly id: string;
  readonly attempt: number;
  readonly owner: string;
}

/** @param owner the process that claimed the run */
export function claimOf({ id, attempt }: { readonly id: string; readonly attempt: number }, owner: string): RunClaim {
  return { id, attempt, owner };
}
