export interface CallLimits {
  readonly signal?: AbortSignal;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs?: number;
}

export interface PageRequest extends CallLimits {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** An account, as addresses name it. */
export interface ConnectionRef {
  readonly integration: string;
  readonly connection: string;
}

/** The path of an account's routes. */
export function pathOf(ref: ConnectionRef): string[] {
  return ['connections', ref.integration, ref.connection];
}

export function limitsOf(signal: AbortSignal | undefined, timeoutMs: number | undefined): CallLimits {
  return { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
}
