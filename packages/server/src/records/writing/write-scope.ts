/** What every change of a dataset's records has to know. */
export interface WriteScope {
  readonly datasetId: number;
  /** The run that the change is put down to. */
  readonly runId: string;
  readonly now: Date;
  /** Whether what is replaced is kept. */
  readonly keepHistory: boolean;
}
