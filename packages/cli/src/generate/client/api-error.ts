/** What the server, or the way to it, answered when a call failed. */
export interface ApiFailure {
  /** Stable name of the error, such as `not_found` or `input_invalid`; `network_failed`, `timed_out` and `answer_invalid` come from this client. */
  readonly code: string;
  readonly message: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What to do next. */
  readonly hint?: string | undefined;
  /** Names the request in the server's log. */
  readonly requestId?: string | undefined;
  /** Machine-readable facts, such as the path of each invalid field. */
  readonly details?: Readonly<{ [key: string]: unknown }> | undefined;
  readonly cause?: unknown;
}

/** The one error that calls to Tenon reject with, but for an abort, which rejects with the signal's reason. */
export class TenonApiError extends Error {
  override readonly name: string = 'TenonApiError';
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  readonly details: Readonly<{ [key: string]: unknown }> | undefined;

  constructor(failure: ApiFailure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.hint = failure.hint;
    this.requestId = failure.requestId;
    this.details = failure.details;
  }
}
