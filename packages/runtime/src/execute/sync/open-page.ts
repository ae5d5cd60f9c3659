import type { OutgoingPage, OutgoingRecord, QuarantinedRecord } from '../worker-protocol.ts';

/** What one page holds at most; of the length, it may be more by one record. */
export const pageLimits = { records: 1_000, jsonLength: 2_000_000 } as const;

type PageContents = Pick<
  OutgoingPage,
  'records' | 'deletedIds' | 'deletedObservedMs' | 'quarantined' | 'settledQuarantine'
>;

/** A page that is being filled: the latest state of each id. */
export interface OpenPage {
  /** False: it has to go out first, because its parts have no order among each other. */
  takes(next: PageEntry): boolean;
  add(next: PageEntry): void;
  /** @param id of an entry in quarantine that this page settles */
  settle(id: number): void;
  isFull(): boolean;
  contents(): PageContents;
}

export type PageEntry =
  | { readonly kind: 'record'; readonly record: OutgoingRecord }
  | { readonly kind: 'deleted'; readonly id: string; readonly observedMs: number }
  | { readonly kind: 'invalid'; readonly entry: QuarantinedRecord };

export function createOpenPage(): OpenPage {
  const records = new Map<string, OutgoingRecord>();
  /** By id; those without one by their text. */
  const quarantined = new Map<string, QuarantinedRecord>();
  const deletedIds = new Set<string>();
  const settled: number[] = [];
  let deletedObservedMs = 0;
  let jsonLength = 0;

  const dropRecord = (id: string): void => {
    jsonLength -= records.get(id)?.json.length ?? 0;
    records.delete(id);
  };
  const dropInvalid = (key: string): void => {
    jsonLength -= quarantined.get(key)?.json.length ?? 0;
    quarantined.delete(key);
  };

  return {
    takes(next) {
      switch (next.kind) {
        case 'record':
          return true;
        case 'deleted':
          return deletedIds.size === 0 || next.observedMs === deletedObservedMs;
        case 'invalid':
          return next.entry.id === null || !(records.has(next.entry.id) || deletedIds.has(next.entry.id));
      }
    },
    add(next) {
      switch (next.kind) {
        case 'record': {
          const { record } = next;
          deletedIds.delete(record.id);
          dropInvalid(`id ${record.id}`);
          dropRecord(record.id);
          records.set(record.id, record);
          jsonLength += record.json.length;
          return;
        }
        case 'deleted':
          dropRecord(next.id);
          dropInvalid(`id ${next.id}`);
          deletedIds.add(next.id);
          deletedObservedMs = next.observedMs;
          return;
        case 'invalid': {
          const { entry } = next;
          const key = entry.id === null ? `json ${entry.json}` : `id ${entry.id}`;
          dropInvalid(key);
          quarantined.set(key, entry);
          jsonLength += entry.json.length;
        }
      }
    },
    settle: (id) => settled.push(id),
    isFull: () =>
      records.size + quarantined.size >= pageLimits.records ||
      deletedIds.size >= pageLimits.records ||
      settled.length >= pageLimits.records ||
      jsonLength >= pageLimits.jsonLength,
    contents: () => ({
      records: [...records.values()],
      deletedIds: [...deletedIds],
      deletedObservedMs,
      quarantined: [...quarantined.values()],
      settledQuarantine: settled,
    }),
  };
}
