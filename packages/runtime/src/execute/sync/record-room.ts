import type { SyncDefinition } from '../../define/define-sync.ts';
import type { AskServer, SyncEnvironment } from '../script-environment.ts';
import type { QuarantinedRecord } from '../worker-protocol.ts';
import type { CallQueue } from './call-queue.ts';
import type { ModelReaders } from './model-reader.ts';
import type { Observation } from './observation.ts';
import type { PageWriter } from './page-writer.ts';
import type { QuarantineQuota, QuotaProblem } from './quarantine-quota.ts';
import type { RunCursor } from './run-cursor.ts';

/** What save, update, delete, read and list of one sync or partition work with. */
export interface RecordRoom {
  readonly definition: SyncDefinition;
  readonly mode: NonNullable<SyncEnvironment['mode']>;
  readonly readers: ModelReaders;
  readonly writer: PageWriter;
  readonly quota: QuarantineQuota;
  readonly cursor: RunCursor | undefined;
  readonly calls: CallQueue;
  readonly ask: AskServer;
  readonly signal: AbortSignal;
  /** Unix time in milliseconds, of what is given now. */
  observedMs: Observation['take'];
}

/** What the run's error says of an invalid record. */
export function describeProblem(model: string, { id, problems: [first] }: QuarantinedRecord): QuotaProblem {
  return { model, id, path: first?.path ?? '', message: first?.message ?? 'it is not valid' };
}
