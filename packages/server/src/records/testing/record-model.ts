import type { Airbag } from '@tenon/runtime/contract';

/** What a record is, and was: the plain truth that the store is compared with. */
export interface ModelState {
  readonly v: number;
  readonly isLive: boolean;
  observedMs: number;
  version: number | null;
}

export interface ModelSave {
  readonly id: string;
  readonly v: number;
  readonly observedMs: number;
  readonly version?: number | undefined;
  readonly isDeleted?: boolean | undefined;
  /** The v that a patch was applied to. */
  readonly basis?: number | undefined;
}

interface Change {
  readonly run: string;
  readonly order: number;
  readonly state: ModelState;
}

interface ModelHold {
  readonly run: string;
  readonly createdMs: number;
  readonly ids: Map<string, number>;
  status: 'pending' | 'approved' | 'discarded' | 'superseded';
}

/** The rules of the record store over maps: every change of every record in a list, one after the other. */
export function createRecordModel() {
  const changes = new Map<string, Change[]>();
  const holds = new Map<string, ModelHold>();
  let order = 0;

  const current = (id: string): ModelState | undefined => changes.get(id)?.at(-1)?.state;
  const live = (): string[] => [...changes.keys()].filter((id) => current(id)?.isLive === true);
  function change(run: string, id: string, state: ModelState): void {
    order += 1;
    changes.set(id, [...(changes.get(id) ?? []), { run, order, state }]);
  }
  function isOlder(save: ModelSave, stored: ModelState): boolean {
    const hasVersions = save.version !== undefined && stored.version !== null && save.version !== stored.version;
    return hasVersions ? (save.version ?? 0) < (stored.version ?? 0) : save.observedMs < stored.observedMs;
  }
  function remove(run: string, id: string, observedMs: number): void {
    const stored = current(id);
    if (stored)
      change(run, id, { ...stored, isLive: false, version: null, observedMs: Math.max(stored.observedMs, observedMs) });
  }
  function deletedBy(run: string): number {
    const own = [...changes.values()].flat().filter((entry) => entry.run === run);
    return own.filter((entry) => deletions.has(entry.order)).length;
  }
  /** Orders of the changes that are deletions. */
  const deletions = new Set<number>();
  function noteDeletion(): void {
    deletions.add(order);
  }
  function hold(run: string, ids: readonly string[], nowMs: number): number {
    const held = holds.get(run) ?? {
      run,
      createdMs: nowMs,
      ids: new Map<string, number>(),
      status: 'pending' as const,
    };
    holds.set(run, held);
    const fresh = ids.filter((id) => !held.ids.has(id));
    for (const id of fresh) held.ids.set(id, order);
    return fresh.length;
  }
  function isTooMuch(run: string, count: number, airbag: Airbag | null): boolean {
    if (airbag === null || count === 0) return false;
    const total = deletedBy(run) + count;
    return holds.has(run) || (total >= airbag.atLeast && total > airbag.share * (live().length + deletedBy(run)));
  }

  return {
    holds,
    current,
    live,
    rows: () => [...changes.keys()].sort().map((id) => ({ id, ...current(id) })),

    page(
      run: string,
      page: {
        saves: readonly ModelSave[];
        deletes: readonly string[];
        observedMs: number;
        airbag: Airbag | null;
        nowMs: number;
      },
    ) {
      const { airbag, nowMs } = page;
      const counts = { added: 0, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 };
      const conflicts = page.saves
        .filter(({ id, basis }) => basis !== undefined && !(current(id)?.isLive === true && current(id)?.v === basis))
        .map(({ id }) => id);
      const saves = page.saves.filter(({ id }) => !conflicts.includes(id));
      const flagged = saves.filter((save) => {
        const stored = current(save.id);
        return save.isDeleted === true && stored?.isLive === true && !isOlder(save, stored);
      });
      const heldIds = isTooMuch(run, flagged.length, airbag) ? flagged.map(({ id }) => id) : [];
      if (heldIds.length > 0) counts.held += hold(run, heldIds, nowMs);
      for (const save of saves) {
        const stored = current(save.id);
        const next: ModelState = {
          v: save.v,
          isLive: save.isDeleted !== true,
          observedMs: Math.max(stored?.observedMs ?? 0, save.observedMs),
          version: save.version ?? null,
        };
        if (heldIds.includes(save.id) || (stored && isOlder(save, stored))) counts.unchanged += 1;
        else if (save.isDeleted === true) {
          if (!stored || stored.isLive) change(run, save.id, next);
          if (stored?.isLive === true) noteDeletion();
          counts.deleted += stored?.isLive === true ? 1 : 0;
          counts[stored?.isLive === true ? 'updated' : 'unchanged'] += 1;
        } else if (!stored?.isLive) {
          change(run, save.id, next);
          counts.added += 1;
        } else if (stored.v !== save.v) {
          change(run, save.id, next);
          counts.updated += 1;
        } else counts.unchanged += 1;
        const now = current(save.id);
        if (now && now.v === save.v && now.isLive === (save.isDeleted !== true) && now.observedMs < save.observedMs) {
          now.observedMs = save.observedMs;
          if (save.version !== undefined) now.version = Math.max(now.version ?? save.version, save.version);
        }
      }
      const gone = [...new Set(page.deletes)].filter((id) => {
        const stored = current(id);
        return stored?.isLive === true && stored.observedMs <= page.observedMs;
      });
      if (isTooMuch(run, gone.length, airbag)) counts.held += hold(run, gone, nowMs);
      else {
        for (const id of gone) {
          remove(run, id, page.observedMs);
          noteDeletion();
        }
        counts.deleted += gone.length;
      }
      return { counts, conflicts };
    },

    finish(run: string, end: { seen: ReadonlySet<string>; beganMs: number; airbag: Airbag | null; nowMs: number }) {
      const { airbag, seen, beganMs, nowMs } = end;
      const all = live();
      const gone = all.filter((id) => !seen.has(id) && (current(id)?.observedMs ?? 0) < beganMs);
      const exceeds =
        airbag !== null &&
        ((gone.length >= airbag.atLeast && gone.length > airbag.share * all.length) || gone.length === all.length);
      const isHeld = gone.length > 0 && exceeds;
      const held = isHeld ? hold(run, gone, nowMs) : 0;
      for (const id of isHeld ? [] : gone) {
        remove(run, id, beganMs);
        noteDeletion();
      }
      for (const other of holds.values())
        if (other.run !== run && other.status === 'pending') other.status = 'superseded';
      return { deleted: isHeld ? 0 : gone.length, held };
    },

    approve(held: ModelHold): number {
      held.status = 'approved';
      const gone = [...held.ids].filter(([id, heldOrder]) => {
        const last = changes.get(id)?.at(-1);
        return last?.state.isLive === true && last.order <= heldOrder && last.state.observedMs <= held.createdMs;
      });
      for (const [id] of gone) {
        remove(held.run, id, held.createdMs);
        noteDeletion();
      }
      return gone.length;
    },

    undo(run: string, undoing: string) {
      const counts = { restored: 0, deleted: 0 };
      for (const [id, list] of changes) {
        if (list.at(-1)?.run !== run) continue;
        const before = list.findLast((entry) => entry.run !== run)?.state;
        const stored = current(id);
        if (before?.isLive === true) {
          change(undoing, id, { ...before });
          counts.restored += 1;
        } else if (stored?.isLive === true) {
          change(undoing, id, { ...stored, isLive: false, version: null });
          noteDeletion();
          counts.deleted += 1;
        }
      }
      return counts;
    },
  };
}

export type RecordModel = ReturnType<typeof createRecordModel>;
