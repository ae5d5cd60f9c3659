export {
  askSchema,
  type Answers,
  type Ask,
  type PartitionState,
  type QuarantinedText,
  type StoredText,
} from './asks.ts';
export { canonicalJson } from './canonical-json.ts';
export { hashRecord } from './hash-record.ts';
export { packPage, unpackPage } from './pack-page.ts';
export { logLimits } from './log-limits.ts';
export { runActionScript } from './run-action-script.ts';
export { capturedValuesSchema, newHookTokenSchema } from './provider-hooks/hook-results.ts';
export type { CalledHookName, HookCall } from './provider-hooks/run-provider-hook.ts';
export { isHookErrorCode, readHookResult } from './provider-hooks/to-hook-error.ts';
export { runSyncScript } from './run-sync-script.ts';
export type { ActionEnvironment, ScriptEnvironment, SyncEnvironment } from './script-environment.ts';
export { toRunError } from './to-run-error.ts';
export type {
  CaptureLimits,
  OutgoingPage,
  OutgoingRecord,
  PackedPage,
  PageCounts,
  ServerMessage,
  QuarantinedRecord,
  StartRun,
  SyncResult,
  WorkerMessage,
} from './worker-protocol.ts';
