/** An event for a sync's onWebhook, as its run keeps it. */
export interface ForwardedEvent {
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: unknown;
  /** ISO 8601 time. */
  readonly receivedAt: string;
  /** Of two with the same key, the second one is not taken. */
  readonly key?: string;
}
