export { systemClock, type Clock } from './clock.ts';
export type { RequestLogEntry } from './perform-call.ts';
export { createProviderClient, type ProviderClientOptions } from './provider-client.ts';
export { createProviderDispatcher, type ProviderDispatcherOptions } from './provider-dispatcher.ts';
export { isSensitiveName, redact, redacted } from './redact.ts';
export { verifyConnection } from './verify-connection.ts';
