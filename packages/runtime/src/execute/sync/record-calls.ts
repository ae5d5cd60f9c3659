import type { RequestOptions } from '../../define/script-requests.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import type { ModelReader } from './model-reader.ts';
import { readIds } from './record-id.ts';
import { describeProblem, type RecordRoom } from './record-room.ts';
import { reviveStored } from './revive-stored.ts';
import { updateRecords } from './update-records.ts';

type Ids = ReadonlyArray<string | number>;

/** How many records are read back at a time. */
const readBackSize = 1_000;

export function createRecordCalls(room: RecordRoom) {
  const { calls, readers, writer, signal, ask } = room;

  async function* listPages(model: string): AsyncGenerator<Array<Record<string, unknown>>, void, undefined> {
    const { schema } = readers.get(model);
    await calls.add(() => writer.flush());
    let after: string | undefined;
    for (;;) {
      signal.throwIfAborted();
      const stored = await ask({
        kind: 'list-records',
        model,
        limit: readBackSize,
        ...(after !== undefined && { after }),
      });
      if (stored.length > 0) yield stored.map(({ json }) => reviveStored(schema, json));
      if (stored.length < readBackSize) return;
      after = stored.at(-1)?.id;
    }
  }

  return {
    save(model: string, records: readonly unknown[]): Promise<void> {
      const observedMs = room.observedMs();
      return calls.add(async () => {
        const reader = readers.get(model);
        for (const record of records) await saveRecord(room, { reader, record, observedMs });
        await writer.flushOld();
      });
    },
    update(model: string, patches: ReadonlyArray<Record<string, unknown>>): Promise<string[]> {
      const observedMs = room.observedMs();
      return calls.add(() => updateRecords(room, { reader: readers.get(model), patches, observedMs }));
    },
    delete(model: string, ids: Ids): Promise<void> {
      const observedMs = room.observedMs();
      return calls.add(async () => {
        const reader = readers.get(model);
        requireDeletes(room);
        for (const id of readIds(model, ids)) await writer.add(reader.name, { kind: 'deleted', id, observedMs });
        await writer.flushOld();
      });
    },
    async read(model: string, ids: Ids): Promise<Array<Record<string, unknown> | undefined>> {
      const { schema } = readers.get(model);
      const wanted = readIds(model, ids);
      await calls.add(() => writer.flush());
      const found = new Map<string, Record<string, unknown>>();
      for (let from = 0; from < wanted.length; from += readBackSize) {
        const stored = await ask({ kind: 'read-records', model, ids: wanted.slice(from, from + readBackSize) });
        for (const { id, json } of stored) found.set(id, reviveStored(schema, json));
      }
      return wanted.map((id) => found.get(id));
    },
    list: (model: string) => ({ [Symbol.asyncIterator]: () => listPages(model) }),
  };
}

/** Whether `delete` was given ids of records, rather than options of a DELETE request. */
export function isIdList(given: Ids | RequestOptions | undefined): given is Ids {
  return Array.isArray(given);
}

/** Puts a record into its page, or into its page's quarantine. */
async function saveRecord(
  { writer, quota, signal }: RecordRoom,
  { reader, record, observedMs }: { reader: ModelReader; record: unknown; observedMs: number },
): Promise<void> {
  signal.throwIfAborted();
  const read = reader.read(record);
  const { cursorValue } = read;
  switch (read.kind) {
    case 'record':
      quota.count();
      return writer.add(reader.name, { kind: 'record', record: { ...read.record, observedMs } }, { cursorValue });
    case 'deleted':
      return writer.add(reader.name, { kind: 'deleted', id: read.id, observedMs }, { cursorValue });
    case 'invalid':
      quota.count(describeProblem(reader.name, read.entry));
      return writer.add(reader.name, { kind: 'invalid', entry: read.entry }, { cursorValue });
  }
}

/** In onWebhook an event may say that a record is gone, however the runs of the sync find out. */
function requireDeletes({ definition, mode }: RecordRoom): void {
  const { deletes = 'none' } = definition.options;
  if (deletes === 'feed' || (mode === 'webhook' && deletes !== 'none')) return;
  const declared = typeof deletes === 'string' ? `'${deletes}'` : `{ flag: '${deletes.flag}' }`;
  throw new TenonError(
    'deletes_undeclared',
    `The sync declares \`deletes: ${declared}\`, so it cannot call delete().`,
    {
      hint: "Declare `deletes: 'feed'`, or leave the deletions to what the sync declares.",
    },
  );
}
