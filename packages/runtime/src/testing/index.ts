export { exchangeSchema, type Exchange } from './exchange.ts';
export type { InMemoryLogEntry, InMemoryOptions } from './in-memory-run.ts';
export { createReplay, type Replay } from './replay.ts';
export { runActionInMemory, type ActionInMemoryOptions, type ActionInMemoryResult } from './run-action-in-memory.ts';
export { runHookInMemory, type HookInMemoryOptions, type HookInMemoryResult } from './run-hook-in-memory.ts';
export type { QuarantinedInMemory } from './memory-server.ts';
export {
  runSyncInMemory,
  runWebhookInMemory,
  type SyncInMemoryOptions,
  type SyncInMemoryResult,
  type WebhookInMemoryOptions,
} from './run-sync-in-memory.ts';
export { createTestCredential } from './test-credential.ts';
