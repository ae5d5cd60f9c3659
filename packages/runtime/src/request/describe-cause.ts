/** What a failed connection failed with, for messages. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Happy Eyeballs: one error for each address that was tried, and an empty message of its own.
  return cause instanceof AggregateError ? describeCause(cause.errors[0]) : cause.message;
}
