import type { SyncEnvironment } from '../script-environment.ts';
import type { OutgoingPage } from '../worker-protocol.ts';

/** How many pages wait for their commit at once. */
const maxPagesInFlight = 4;

export interface PageSender {
  /**
   * Sends a page behind those before it; resolves when it is on its way, or throws what an earlier one failed with.
   * @returns what waits for its commit
   */
  send(page: Omit<OutgoingPage, 'sequence'>): Promise<{ readonly conflicts: Promise<readonly string[]> }>;
  /** Resolves when another page may be sent: a fast script must not pile up pages in memory. */
  whenOpen(): Promise<void>;
  /** Resolves when every page is committed; throws what one failed with. */
  finish(): Promise<void>;
  /** Lets no further page out. */
  fail(error: unknown): void;
  /** Whether no further page goes out. */
  hasFailed(): boolean;
  /** Records sent, those for quarantine included, less the conflicts. */
  read(): number;
}

/** Sends the pages of a run, of all its partitions, in one order, a few at a time. After one failed, none follows. */
export function createPageSender({ commitPage, signal }: Pick<SyncEnvironment, 'commitPage' | 'signal'>): PageSender {
  let sequence = 0;
  let read = 0;
  let failure: { error: unknown } | undefined;
  const inFlight = new Set<Promise<unknown>>();

  const throwIfFailed = (): void => {
    signal.throwIfAborted();
    if (failure) throw failure.error;
  };

  const commit = async (page: OutgoingPage): Promise<readonly string[]> => {
    try {
      const { conflicts } = await commitPage(page);
      read -= conflicts.length;
      return conflicts;
    } catch (error) {
      failure ??= { error };
      return [];
    }
  };

  const whenOpen = async (): Promise<void> => {
    while (inFlight.size >= maxPagesInFlight) await Promise.race(inFlight);
    throwIfFailed();
  };

  return {
    async send(page) {
      await whenOpen();
      sequence += 1;
      read += page.records.length + page.quarantined.length;
      const conflicts = commit({ sequence, ...page });
      inFlight.add(conflicts);
      void conflicts.then(() => inFlight.delete(conflicts));
      return { conflicts };
    },
    whenOpen,
    async finish() {
      await Promise.all(inFlight);
      throwIfFailed();
    },
    fail(error) {
      failure ??= { error };
    },
    hasFailed: () => failure !== undefined,
    read: () => read,
  };
}
