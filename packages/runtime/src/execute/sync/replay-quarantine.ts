import type { QuarantinedText } from '../asks.ts';
import type { ModelReader } from './model-reader.ts';
import type { RecordRoom } from './record-room.ts';

const pageSize = 1_000;

/**
 * Saves what is in quarantine and valid by now; each page settles its entries. What is still invalid stays where it is
 * and is not sent: it was counted by the run that read it. So a replay has read what it saved, and its counts add up.
 *
 * Entries are read twice. Of a record whose newest entry is still invalid, the older ones must not be saved: they
 * would stand for the record's newest state, and settle the entry that is. Each is as old as its entry: what a live run
 * saved or deleted since, it does not undo.
 */
export async function replayQuarantine(room: RecordRoom): Promise<void> {
  const { writer } = room;
  const newestInvalid = new Map<string, number>();
  for await (const entry of listEntries(room)) {
    const read = entry.reader.read(entry.value);
    if (read.kind === 'invalid' && read.entry.id !== null) newestInvalid.set(keyOf(entry, read.entry.id), entry.id);
  }
  for await (const entry of listEntries(room)) {
    const read = entry.reader.read(entry.value);
    if (read.kind === 'invalid') continue;
    const id = read.kind === 'record' ? read.record.id : read.id;
    if ((newestInvalid.get(keyOf(entry, id)) ?? 0) > entry.id) continue;
    const { observedMs } = entry;
    await writer.add(
      entry.model,
      read.kind === 'record'
        ? { kind: 'record', record: { ...read.record, observedMs } }
        : { kind: 'deleted', id, observedMs },
      { settles: entry.id },
    );
    await writer.flushOld();
  }
}

interface Entry extends QuarantinedText {
  readonly reader: ModelReader;
  readonly value: unknown;
}

function keyOf({ model }: Entry, id: string): string {
  return `${model} ${id}`;
}

/** Entries of models that the sync does not have any more are left alone. */
async function* listEntries({ definition, readers, ask, signal }: RecordRoom): AsyncGenerator<Entry, void, undefined> {
  let after = 0;
  for (;;) {
    signal.throwIfAborted();
    const entries = await ask({ kind: 'list-quarantined', after, limit: pageSize });
    for (const entry of entries) {
      if (!Object.hasOwn(definition.options.models, entry.model)) continue;
      yield { ...entry, reader: readers.get(entry.model), value: JSON.parse(entry.json) as unknown };
    }
    if (entries.length < pageSize) return;
    after = entries.at(-1)?.id ?? after;
  }
}
