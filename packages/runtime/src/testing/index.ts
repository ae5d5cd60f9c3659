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
export { compareOutcomes, type OutcomeDifference } from './recorded/compare-outcomes.ts';
export { listRecordings, type ListedRecording } from './recorded/list-recordings.ts';
export { replayRecording, type ReplayedRecording, type ReplayRecordingOptions } from './recorded/replay-recording.ts';
export { replayRun, type ReplayedDefinition, type ReplayedRun, type ReplayRunOptions } from './recorded/replay-run.ts';
export { resumeEverywhere, type ResumeFinding } from './recorded/resume-everywhere.ts';
