import { TenonError } from '@tenon/runtime/errors';
import type { DryRunResult, RunCounts, SyncManifest } from '@tenon/runtime/contract';
import type { OutgoingPage, OutgoingRecord, PartitionState, StoredText } from '@tenon/runtime/execute';
import type { CommittedPage } from '../../records/writing/commit-page.ts';
import { noCounts } from '../runs/run-row.ts';

/** The store as the dry run finds it. */
export interface StoredRecords {
  byId(model: string, ids: readonly string[]): Promise<StoredText[]>;
  after(model: string, options: { after: string | undefined; limit: number }): Promise<StoredText[]>;
}

/** What a dry run would have written: it lies over what is stored, and the script sees both. */
export interface DryRecords extends StoredRecords {
  commit(page: OutgoingPage): Promise<Pick<CommittedPage, 'counts' | 'conflicts'>>;
  state(partition: string): PartitionState | undefined;
  counts(): RunCounts;
  outcome(): Pick<
    DryRunResult['outcome'],
    'records' | 'deleted' | 'quarantined' | 'cursor' | 'checkpoint' | 'partitions'
  >;
  /** What the first page that could not be taken failed with. */
  failure(): unknown;
}

/** UTF-16 units of JSON over all records that are saved. */
const maxLength = 20_000_000;

/**
 * Takes the pages of a dry run as the record store would, in memory. Deletions by absence are decided at the end of real
 * runs and not here.
 */
export function createDryRecords(definition: SyncManifest, stored: StoredRecords): DryRecords {
  const models = new Set(definition.models.map(({ name }) => name));
  /** By model and id; null: deleted. */
  const written = new Map<string, Map<string, StoredText | null>>();
  const states = new Map<string, PartitionState>();
  const quarantined: DryRunResult['outcome']['quarantined'] = [];
  const counts = { ...noCounts };
  let length = 0;
  let failure: unknown;
  let last: Promise<unknown> = Promise.resolve();

  function writtenOf(model: string): Map<string, StoredText | null> {
    const known = written.get(model);
    if (known) return known;
    if (!models.has(model)) {
      throw new TenonError('model_unknown', `${definition.source} saved ${model}, which it does not declare.`, {
        hint: `Declare it under \`models\`, beside ${[...models].join(', ')}.`,
      });
    }
    const made = new Map<string, StoredText | null>();
    written.set(model, made);
    return made;
  }

  async function byId(model: string, ids: readonly string[]): Promise<StoredText[]> {
    const own = writtenOf(model);
    const others = ids.filter((id) => !own.has(id));
    const below = others.length === 0 ? [] : await stored.byId(model, others);
    return [...ids.flatMap((id) => own.get(id) ?? []), ...below];
  }

  function grow(more: number): void {
    length += more;
    if (length <= maxLength) return;
    throw new TenonError('dry_run_too_large', `The dry run saved more than ${maxLength / 1_000_000} MB of records.`, {
      hint: 'Let it read less: give `limitPages`, or a later `start.cursor`.',
      details: { maxBytes: maxLength },
    });
  }

  async function commitNow(page: OutgoingPage): Promise<Pick<CommittedPage, 'counts' | 'conflicts'>> {
    const own = writtenOf(page.model);
    const ids = page.records.map(({ id }) => id).concat(page.deletedIds);
    const before = new Map((await byId(page.model, ids)).map((record) => [record.id, record]));
    const conflicts: string[] = [];
    const added = { ...noCounts };
    for (const record of page.records) {
      const { id, json, basis } = record;
      const hash = hashOf(record);
      const known = before.get(id);
      if (basis !== undefined && known?.hash !== basis) {
        conflicts.push(id);
        continue;
      }
      if (record.isDeleted === true) {
        if (known) added.deleted += 1;
        own.set(id, null);
        continue;
      }
      grow(json.length);
      own.set(id, { id, json, hash });
      added[known === undefined ? 'added' : known.hash === hash ? 'unchanged' : 'updated'] += 1;
    }
    for (const id of page.deletedIds) {
      if (before.has(id)) added.deleted += 1;
      own.set(id, null);
    }
    for (const { id, json, problems } of page.quarantined) {
      grow(json.length);
      quarantined.push({ model: page.model, id, problems });
      added.quarantined += 1;
    }
    added.read = added.added + added.updated + added.unchanged + added.quarantined;
    for (const name of Object.keys(counts) as Array<keyof RunCounts>) counts[name] += added[name];
    moveState(page);
    return { counts: added, conflicts };
  }

  function moveState({ partition, cursor, checkpoint }: OutgoingPage): void {
    if (cursor === undefined && checkpoint === undefined) return;
    states.set(partition, {
      ...states.get(partition),
      ...(cursor !== undefined && { cursor: cursor ?? undefined }),
      ...(checkpoint !== undefined && { checkpoint }),
    });
  }

  return {
    byId,
    async after(model, { after, limit }) {
      const own = writtenOf(model);
      const below = await stored.after(model, { after, limit });
      const end = below.length < limit ? undefined : below.at(-1)?.id;
      const ownHere = [...own.values()].filter(
        (record) =>
          record !== null &&
          (after === undefined || isBefore(after, record.id)) &&
          (end === undefined || !isBefore(end, record.id)),
      ) as StoredText[];
      // What is left of a page may be shorter than asked for; an empty one would say that the list has ended.
      const merged = below.filter(({ id }) => !own.has(id)).concat(ownHere);
      if (merged.length === 0 && end !== undefined) return this.after(model, { after: end, limit });
      return merged.sort((one, other) => (isBefore(one.id, other.id) ? -1 : 1)).slice(0, limit);
    },
    commit(page) {
      const result = last.then(async () => {
        if (failure !== undefined) throw failure;
        try {
          return await commitNow(page);
        } catch (error) {
          failure = error;
          throw error;
        }
      });
      last = result.catch(() => undefined);
      return result;
    },
    state: (partition) => states.get(partition),
    counts: () => counts,
    outcome() {
      const { '': own = {}, ...partitions } = Object.fromEntries(states);
      return {
        records: byModel(written, (record) => (record ? [JSON.parse(record.json) as Record<string, unknown>] : [])),
        deleted: byModel(written, (record, id) => (record ? [] : [id])),
        quarantined,
        ...(own.cursor !== undefined && { cursor: own.cursor }),
        ...(own.checkpoint !== undefined && { checkpoint: own.checkpoint }),
        partitions: partitions as DryRunResult['outcome']['partitions'],
      };
    },
    failure: () => failure,
  };
}

/** As Postgres orders ids: by their bytes, for the collation of the column is C. */
function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}

function hashOf({ hash }: OutgoingRecord): string {
  return Buffer.from(hash).toString('hex');
}

function byModel<Value>(
  written: ReadonlyMap<string, ReadonlyMap<string, StoredText | null>>,
  pick: (record: StoredText | null, id: string) => Value[],
): Record<string, Value[]> {
  return Object.fromEntries(
    [...written].map(([model, own]) => [
      model,
      [...own].sort(([one], [other]) => (isBefore(one, other) ? -1 : 1)).flatMap(([id, record]) => pick(record, id)),
    ]),
  );
}
