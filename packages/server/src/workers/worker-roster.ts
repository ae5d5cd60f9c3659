import type { WorkerExit, WorkerProcess } from './worker-process.ts';

/** A worker and what the pool knows of it. */
export interface RosterEntry {
  readonly process: WorkerProcess;
  readonly startedAtMs: number;
  /** Undefined: it has served nobody yet, so it may serve anybody. */
  environmentId: number | undefined;
  isBusy: boolean;
  runs: number;
  idleSinceMs: number;
  /** Hashes of the bundles that it was given. */
  readonly bundles: Set<string>;
}

export interface WorkerRoster {
  readonly size: number;
  readonly busy: number;
  /** An idle worker for the environment: best one that has the bundle, else one of the environment, else a fresh one. */
  findIdle(environmentId: number, bundleHash: string): RosterEntry | undefined;
  findSpare(): RosterEntry | undefined;
  /** Idle workers that belong to an environment, longest idle first. */
  listIdle(): RosterEntry[];
  add(process: WorkerProcess): RosterEntry;
  /** Ends a worker; it is off the roster at once. */
  retire(entry: RosterEntry): void;
  /** Ends all and resolves when no process is left. */
  retireAll(): Promise<void>;
}

/** The workers that exist. One whose process ends leaves by itself. */
export function createWorkerRoster(now: () => number, onGone: (exit: WorkerExit) => void): WorkerRoster {
  const entries = new Set<RosterEntry>();
  const processes = new Set<WorkerProcess>();
  const idle = (): RosterEntry[] => [...entries].filter((entry) => !entry.isBusy);
  const retire = (entry: RosterEntry): void => {
    entries.delete(entry);
    entry.process.kill();
  };
  const removeWhenClosed = async (entry: RosterEntry): Promise<void> => {
    const exit = await entry.process.closed;
    processes.delete(entry.process);
    if (entries.delete(entry)) onGone(exit);
  };

  return {
    get size() {
      return entries.size;
    },
    get busy() {
      return entries.size - idle().length;
    },
    findIdle(environmentId, bundleHash) {
      const own = idle().filter((entry) => entry.environmentId === environmentId);
      return (
        own.find((entry) => entry.bundles.has(bundleHash)) ??
        own[0] ??
        idle().find((entry) => entry.environmentId === undefined)
      );
    },
    findSpare: () => idle().find((entry) => entry.environmentId === undefined),
    listIdle: () =>
      idle()
        .filter((entry) => entry.environmentId !== undefined)
        .toSorted((left, right) => left.idleSinceMs - right.idleSinceMs),
    add(process) {
      const entry: RosterEntry = {
        process,
        startedAtMs: now(),
        environmentId: undefined,
        isBusy: false,
        runs: 0,
        idleSinceMs: now(),
        bundles: new Set(),
      };
      entries.add(entry);
      processes.add(process);
      void removeWhenClosed(entry);
      return entry;
    },
    retire,
    async retireAll() {
      for (const entry of entries) retire(entry);
      await Promise.all([...processes].map((process) => process.closed));
    },
  };
}
