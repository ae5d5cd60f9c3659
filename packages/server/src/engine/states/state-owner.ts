/** Whose state a run reads and moves. */
export interface StateOwner {
  readonly syncId: number;
  /** Of the sync, when the run was queued: a run of an earlier epoch neither reads nor writes. */
  readonly cursorEpoch: number;
  /** `live`, or the id of a backfill run: a backfill does not move the live cursor. */
  readonly scope: string;
  readonly runId: string;
}
