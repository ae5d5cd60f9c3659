export { canonicalJson } from './canonical-json.ts';
export { hashRecord } from './hash-record.ts';
export { packPage, unpackPage } from './pack-page.ts';
export { logLimits } from './log-limits.ts';
export { runActionScript } from './run-action-script.ts';
export { runSyncScript } from './run-sync-script.ts';
export type { ActionEnvironment, ScriptEnvironment, SyncEnvironment } from './script-environment.ts';
export { toRunError } from './to-run-error.ts';
export type {
  OutgoingPage,
  OutgoingRecord,
  PackedPage,
  PageCounts,
  ServerMessage,
  StartRun,
  WorkerMessage,
} from './worker-protocol.ts';
