/** A call that did not lead to what was asked for: the server's error, or `network_failed` when there was no answer. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
  readonly code: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(failure: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string | undefined;
    readonly requestId?: string | undefined;
    readonly details?: Readonly<Record<string, unknown>> | undefined;
  }) {
    super(failure.message);
    this.code = failure.code;
    this.hint = failure.hint;
    this.requestId = failure.requestId;
    this.details = failure.details ?? {};
  }
}
