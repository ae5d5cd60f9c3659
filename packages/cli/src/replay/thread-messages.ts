import { isErrorCode, TenonError } from '@tenon/runtime/errors';
import type { Recording } from '@tenon/runtime/recording';
import type { Replays } from './replays.ts';

/** To the thread: a replay to do, or the question whether it still takes its turns. */
export type ToThread = 'ping' | { readonly method: keyof Replays; readonly recording: Recording };

/** From the thread: what came of the replay, or that it takes its turns. */
export type FromThread = 'pong' | { readonly result: unknown } | { readonly error: ToldError };

/** An error as it crosses from one thread to another, which keeps no classes. */
export interface ToldError {
  /** undefined: one that nobody foresaw. */
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly stack: string | undefined;
}

export function tellError(error: unknown): ToldError {
  const known = error instanceof TenonError ? error : undefined;
  return {
    code: known?.code,
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint,
    details: known?.details,
    stack: error instanceof Error ? error.stack : undefined,
  };
}

export function readToldError({ code, message, hint, details, stack }: ToldError): Error {
  const options = { ...(hint !== undefined && { hint }), ...(details !== undefined && { details }) };
  const error = code !== undefined && isErrorCode(code) ? new TenonError(code, message, options) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
