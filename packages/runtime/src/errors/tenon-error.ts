import { errorRegistry, type ErrorCode } from './registry.ts';

export interface TenonErrorOptions {
  /** What the reader should do next, as an instruction. */
  hint?: string;
  cause?: unknown;
  /** Machine-readable facts; must be JSON-serialisable and free of secrets. */
  details?: Record<string, unknown>;
}

/**
 * The one error class of the house. The code decides the HTTP status and the CLI's exit code (see the registry);
 * the message says what failed and what was expected; the hint says what to do next.
 */
export class TenonError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: TenonErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TenonError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  /** HTTP status that an API answers with for this error. */
  get status(): number {
    return errorRegistry[this.code].status;
  }

  /** Exit code of a CLI command that ends with this error. */
  get exitCode(): number {
    return errorRegistry[this.code].exitCode;
  }
}
