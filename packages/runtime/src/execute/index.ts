export type {
  OutgoingPage,
  OutgoingRecord,
  PageCounts,
  ServerMessage,
  StartRun,
  WorkerMessage,
} from './worker-protocol.ts';
