import type { CallQueue } from './call-queue.ts';

/** Keeps what a part remembers of its paginations behind the partitions that were begun within them. */
export interface PartitionGate {
  /** @param read whether the partition was read; never rejects */
  watch(read: Promise<boolean>): void;
  /**
   * Does something after the saves that the script has called by now, and after the partitions that it has begun: a run
   * that goes on behind them would not read them again. Once one has failed, nothing is done any more: a run that goes
   * on reads it again, rather than take what is in it for absent.
   */
  pass(work: () => void): void;
}

export function createPartitionGate(calls: CallQueue): PartitionGate {
  const open = new Set<Promise<boolean>>();
  let hasFailed = false;
  /** Set once something had to wait: what comes after it keeps its place. */
  let line: Promise<unknown> | undefined;

  const passNow = (work: () => void): void => {
    if (!hasFailed) void calls.add(work);
  };

  return {
    watch(read) {
      open.add(read);
      const note = async (): Promise<void> => {
        const isRead = await read;
        open.delete(read);
        hasFailed ||= !isRead;
      };
      void note();
    },
    pass(work) {
      if (open.size === 0 && !line) return passNow(work);
      const before = [...open];
      line = (line ?? Promise.resolve()).then(() => Promise.all(before)).then(() => passNow(work));
    },
  };
}
