import { setTimeout as delay } from 'node:timers/promises';
import { TenonError } from '../../errors/tenon-error.ts';
import type { StoredText } from '../asks.ts';
import { mergePatch } from './merge-patch.ts';
import type { CursorValue } from './compare-cursors.ts';
import type { ModelReader } from './model-reader.ts';
import { readIds } from './record-id.ts';
import { describeProblem, type RecordRoom } from './record-room.ts';
import { reviveInput } from './revive-stored.ts';

type Patch = Readonly<Record<string, unknown>>;

export interface Update {
  readonly reader: ModelReader;
  readonly patches: readonly Patch[];
  /** Unix time in milliseconds. */
  readonly observedMs: number;
}

/** As many records as one page, and one question, hold. */
const chunkSize = 1_000;
const maxTries = 5;

/**
 * Applies patches to stored records: reads them back, merges, and sends them with the hash of what they were merged
 * with. Where another run changed a record in between, nothing was written for it: it is read and merged once more.
 * @returns ids that are not stored
 * @throws TenonError `record_invalid` for ids that cannot be one, and when a record changes again and again
 */
export async function updateRecords(room: RecordRoom, { reader, patches, observedMs }: Update): Promise<string[]> {
  const ids = readIds(
    reader.name,
    patches.map(({ id }) => id),
  );
  const byId = new Map<string, Patch[]>();
  for (const [index, patch] of patches.entries()) {
    const id = ids[index] ?? '';
    byId.set(id, [...(byId.get(id) ?? []), patch]);
  }
  const missing: string[] = [];
  const all = [...byId];
  for (let from = 0; from < all.length; from += chunkSize) {
    missing.push(
      ...(await updateChunk(room, { reader, patches: new Map(all.slice(from, from + chunkSize)), observedMs })),
    );
  }
  return missing;
}

async function updateChunk(
  room: RecordRoom,
  { reader, patches, observedMs }: Omit<Update, 'patches'> & { patches: ReadonlyMap<string, readonly Patch[]> },
): Promise<string[]> {
  const { writer, ask, signal, cursor } = room;
  const missing: string[] = [];
  /** The cursor moves once all of them are written: a page commits it although it met another record. */
  const cursorValues: CursorValue[] = [];
  let open = [...patches.keys()];
  for (let attempt = 1; open.length > 0; attempt += 1) {
    if (attempt > maxTries) throw changesTooOften(reader.name, open);
    if (attempt > 1) await delay(10 * 2 ** attempt * Math.random(), undefined, { signal });
    await writer.flush();
    const stored = await ask({ kind: 'read-records', model: reader.name, ids: open });
    const found = new Set(stored.map(({ id }) => id));
    missing.push(...open.filter((id) => !found.has(id)));
    for (const record of stored) {
      await updateRecord(room, {
        reader,
        record,
        patches: patches.get(record.id) ?? [],
        observedMs,
        isFirst: attempt === 1,
        cursorValues,
      });
    }
    open = await writer.flush();
  }
  for (const value of cursorValues) cursor?.see(value);
  return missing;
}

async function updateRecord(
  { writer, quota, cursor }: RecordRoom,
  {
    reader,
    record,
    patches,
    observedMs,
    isFirst,
    cursorValues,
  }: Omit<Update, 'patches'> & {
    record: StoredText;
    patches: readonly Patch[];
    isFirst: boolean;
    cursorValues: CursorValue[];
  },
): Promise<void> {
  let merged: unknown = reviveInput(reader.schema, record.json);
  // The id as it is stored: '7' names the record whose id is 7.
  const id = (merged as Patch)['id'];
  for (const patch of patches) merged = mergePatch(merged, { ...patch, id });
  const read = reader.read(merged);
  if (isFirst) quota.count(read.kind === 'invalid' ? describeProblem(reader.name, read.entry) : undefined);
  // A patch that leaves the cursor's field alone says nothing of how far the provider was read.
  const hasMoved = patches.some((patch) => patch[cursor?.field ?? ''] !== undefined);
  if (isFirst && hasMoved && read.cursorValue !== undefined) cursorValues.push(read.cursorValue);
  switch (read.kind) {
    case 'record':
      return writer.add(reader.name, { kind: 'record', record: { ...read.record, observedMs, basis: record.hash } });
    case 'deleted':
      return writer.add(reader.name, { kind: 'deleted', id: read.id, observedMs });
    case 'invalid':
      return writer.add(reader.name, { kind: 'invalid', entry: read.entry });
  }
}

function changesTooOften(model: string, ids: readonly string[]): TenonError {
  return new TenonError('record_invalid', `${model} "${ids[0]}" changes faster than it can be updated.`, {
    hint: 'Another run changes it all the time: take a lock round the update, or let one of them do it.',
    details: { model, ids: ids.slice(0, 10) },
  });
}
