import { createScriptContext } from '../script-context.ts';
import type { PartitionState } from '../asks.ts';
import { createCallQueue, type CallQueue } from './call-queue.ts';
import { createObservation } from './observation.ts';
import { observeRequests } from './observed-requests.ts';
import { createPageWriter, type PageWriter } from './page-writer.ts';
import { readCheckpoint, reviveCheckpoint } from './read-checkpoint.ts';
import { createRecordCalls, isIdList } from './record-calls.ts';
import { createPartitionGate, type PartitionGate } from './partition-gate.ts';
import type { RecordRoom } from './record-room.ts';
import { createResumablePages } from './resumable-pages.ts';
import { createRunCursor } from './run-cursor.ts';
import { createRunProgress } from './run-progress.ts';
import type { SyncRun } from './sync-run.ts';

/** The sync itself, or one of its partitions: with a cursor, a checkpoint, a progress and open pages of its own. */
export interface SyncPart {
  /** What the script is given, but for `partition`. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly room: RecordRoom;
  readonly calls: CallQueue;
  readonly gate: PartitionGate;
  readonly writer: PageWriter;
}

/** @param partition empty: the sync itself */
export function openPart(run: SyncRun, { partition, state }: { partition: string; state: PartitionState }): SyncPart {
  const { definition, environment, mode, cursorOptions, base } = run;
  const { log, signal, ask, until, now = Date.now } = environment;
  const name = partition === '' ? {} : { partition };
  const start = state.cursor ?? (until === undefined ? undefined : environment.state?.cursor) ?? cursorOptions?.initial;
  const calls = createCallQueue();
  const gate = createPartitionGate(calls);
  const progress = createRunProgress(state.progress, {
    startMs: run.startMs,
    onTooLong: () =>
      log(
        'warn',
        'There are too many open paginations to remember: a run that is interrupted begins at the first page.',
        name,
      ),
  });
  const cursor = cursorOptions
    ? createRunCursor({
        options: cursorOptions,
        start: start ?? undefined,
        beganMs: progress.beganMs,
        // What was seen out of order may be far ahead of where an ascending list goes on.
        ...(cursorOptions.order !== 'ascending' && { seenBefore: progress.seenBefore }),
        onOutOfOrder: () =>
          log(
            'warn',
            `Records do not come in ascending order of ${cursorOptions.field}; the cursor waits for the end of the run.`,
            name,
          ),
      })
    : undefined;
  const observation = createObservation({ startMs: run.startMs, now });
  const resumable = createResumablePages({
    progress,
    afterSaves: gate.pass,
    holdsSecret: (text) => environment.holdsSecret?.(text) ?? false,
  });
  const writer = createPageWriter({ ...run, partition, firstModel: run.readers.first, cursor, progress });
  const receivedAtMs = Date.parse(environment.event?.receivedAt ?? '');
  const room: RecordRoom = {
    ...run,
    writer,
    cursor,
    calls,
    ask,
    signal,
    observedMs: mode === 'webhook' && !Number.isNaN(receivedAtMs) ? () => receivedAtMs : observation.take,
  };
  const requests = createScriptContext({
    ...environment,
    requests: observeRequests(environment.requests, { observation, resumable }),
  });
  const records = createRecordCalls(room);
  let checkpoint = reviveCheckpoint(definition, state.checkpoint, () =>
    log('warn', 'The stored checkpoint is not what the sync declares any more: the run begins without one.', name),
  );

  return {
    room,
    calls,
    gate,
    writer,
    context: {
      ...requests,
      // One object in all parts: metadata that one of them changes is changed for all.
      connection: base.connection,
      settings: run.settings,
      // Here, and not in what is spread below: a spread would read it once.
      get checkpoint() {
        return checkpoint;
      },
      ...records,
      delete: (target: string, given?: Parameters<typeof isIdList>[0]) =>
        isIdList(given) ? records.delete(target, given) : requests.delete(target, given),
      ...(mode === 'run' && {
        cursor: cursorOptions ? (start ?? undefined) : undefined,
        until,
        setCheckpoint(given: unknown) {
          return calls.add(async () => {
            const { value, stored } = readCheckpoint(definition, given);
            checkpoint = value;
            writer.setCheckpoint(stored);
            await writer.flushOld();
          });
        },
      }),
    },
  };
}
