import type { OutgoingPage } from '../worker-protocol.ts';
import type { CursorValue } from './compare-cursors.ts';
import { createOpenPage, type OpenPage, type PageEntry } from './open-page.ts';
import type { PageSender } from './page-sender.ts';
import type { QuarantineQuota } from './quarantine-quota.ts';
import type { RunCursor } from './run-cursor.ts';
import type { RunProgress } from './run-progress.ts';

/** How long records wait for their page to fill: slow runs are to show their progress. */
const maxAgeMs = 2_000;

/** Gathers the records of a sync, or of one of its partitions, into pages. Calls follow each other. */
export interface PageWriter {
  add(model: string, entry: PageEntry, effects?: EntryEffects): Promise<void>;
  /** Goes with what was added before. */
  setCheckpoint(value: unknown): void;
  /** Sends pages that are older than about two seconds. */
  flushOld(): Promise<void>;
  /** Sends what is left and waits until it is committed. @returns ids of patches that met another record */
  flush(): Promise<string[]>;
  /** As `flush`, with the cursor that stands at the end of a complete read. */
  finish(): Promise<void>;
}

/** What the page that holds an entry may say. */
export interface EntryEffects {
  /** The provider was read up to this value. */
  readonly cursorValue?: CursorValue | undefined;
  /** Of a replay: the id in the quarantine of what is saved. */
  readonly settles?: number;
}

export interface PageWriterOptions {
  readonly sender: PageSender;
  readonly quota: QuarantineQuota;
  /** Empty: the sync itself. */
  readonly partition: string;
  /** Carries what has no record to go with. */
  readonly firstModel: string;
  readonly cursor: RunCursor | undefined;
  readonly progress: RunProgress | undefined;
}

type State = Pick<OutgoingPage, 'cursor' | 'checkpoint' | 'progress'>;

/**
 * One open page a model. All open pages go out together and the last of them carries the state: a cursor must cover no
 * record that is still waiting in another model's page.
 */
export function createPageWriter(options: PageWriterOptions): PageWriter {
  const { sender, quota, partition, cursor, progress } = options;
  let open = new Map<string, OpenPage>();
  let openedAtMs = 0;
  let checkpoint: { value: unknown } | undefined;
  let unsettled: Array<Promise<readonly string[]>> = [];

  const openPage = (model: string): OpenPage => {
    const existing = open.get(model);
    if (existing) return existing;
    if (open.size === 0) openedAtMs = performance.now();
    const page = createOpenPage();
    open.set(model, page);
    return page;
  };

  const takeState = (atEnd: boolean): State => {
    const cursorValue = atEnd ? cursor?.takeAtEnd() : cursor?.takeForPage();
    const state: State = {
      ...(cursorValue !== undefined && { cursor: cursorValue }),
      ...(checkpoint && { checkpoint: checkpoint.value }),
      ...progress?.take(cursor?.largest()),
    };
    checkpoint = undefined;
    return state;
  };

  const sendOpen = async (atEnd = false): Promise<void> => {
    if (atEnd && partition === '') quota.checkEnd();
    else quota.checkPage();
    const pages = [...open].map(([model, page]) => ({ partition, model, ...page.contents() }));
    open = new Map();
    const state = takeState(atEnd);
    const last = pages.pop() ?? (Object.keys(state).length > 0 ? emptyPage(partition, options.firstModel) : undefined);
    if (last) pages.push({ ...last, ...state });
    for (const page of pages) {
      const { conflicts } = await sender.send(page);
      if (page.records.some(({ basis }) => basis !== undefined)) unsettled.push(conflicts);
    }
    await sender.whenOpen();
  };

  return {
    async add(model, entry, { cursorValue, settles } = {}) {
      if (!openPage(model).takes(entry)) await sendOpen();
      const page = openPage(model);
      page.add(entry);
      if (cursorValue !== undefined) cursor?.see(cursorValue);
      if (settles !== undefined) page.settle(settles);
      if (page.isFull()) await sendOpen();
    },
    setCheckpoint(value) {
      checkpoint = { value };
    },
    async flushOld() {
      if (open.size > 0 && performance.now() - openedAtMs >= maxAgeMs) await sendOpen();
    },
    async flush() {
      await sendOpen();
      await sender.finish();
      const conflicts = (await Promise.all(unsettled)).flat();
      unsettled = [];
      return conflicts;
    },
    async finish() {
      await sendOpen(true);
      await sender.finish();
    },
  };
}

function emptyPage(partition: string, model: string): Omit<OutgoingPage, 'sequence'> {
  return {
    partition,
    model,
    records: [],
    deletedIds: [],
    deletedObservedMs: 0,
    quarantined: [],
    settledQuarantine: [],
  };
}
