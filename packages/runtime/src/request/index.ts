export { systemClock, type Clock } from './clock.ts';
export type { RequestLogEntry } from './perform-call.ts';
export { createProviderClient, type ProviderClientOptions } from './provider-client.ts';
export { createOpenRequests, type OpenRequestsOptions } from './open-requests.ts';
export type { EngineRequests, PageSeen, PageWatch } from './page-watch.ts';
export type { HookedRequest, RequestHook } from './request-hook.ts';
export { createProviderDispatcher, type ProviderDispatcherOptions } from './provider-dispatcher.ts';
export { isSensitiveName, redact, redacted } from './redact.ts';
export { verifyConnection } from './verify-connection.ts';
