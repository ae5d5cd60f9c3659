import { TenonApiError } from './api-error.ts';

/** An error that an action declares: it ended on purpose, and says why in a way that the app can act on. */
export class ActionError<Code extends string = string, Payload = unknown> extends TenonApiError {
  override readonly name: string = 'ActionError';
  /** The action's own name of the error. */
  readonly error: Code;
  readonly payload: Payload;

  constructor(cause: TenonApiError, declared: { readonly error: Code; readonly payload: Payload }) {
    const { message, status, code, hint, requestId, details } = cause;
    super({ message, status, code, hint, requestId, details, cause });
    this.error = declared.error;
    this.payload = declared.payload;
  }
}

/** A failed call as what it is: an action's own error carries its payload. */
export function toActionError(error: unknown): unknown {
  if (!(error instanceof TenonApiError) || error.code !== 'action_failed') return error;
  const { error: declared, payload } = error.details ?? {};
  return typeof declared === 'string' ? new ActionError(error, { error: declared, payload }) : error;
}

/** Whether a call ended with one of these errors. */
export function isActionError<Declared extends ActionError>(
  error: unknown,
  codes: readonly Declared['error'][],
): error is Declared {
  return error instanceof ActionError && codes.includes(error.error);
}
