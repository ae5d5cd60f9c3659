export { canonicalJson } from './canonical-json.ts';
export { hashRecord } from './hash-record.ts';
export { runActionScript } from './run-action-script.ts';
export { runSyncScript } from './run-sync-script.ts';
export type { ActionEnvironment, ScriptEnvironment, SyncEnvironment } from './script-environment.ts';
export { toRunError } from './to-run-error.ts';
export type {
  OutgoingPage,
  OutgoingRecord,
  PageCounts,
  ServerMessage,
  StartRun,
  WorkerMessage,
} from './worker-protocol.ts';
