import { readFileSync } from 'node:fs';

export interface MemoryWatch {
  /** Calls back once when the process' memory passes the limit. Returns how to stop watching. */
  watch(pid: number, onExceeded: (rssMb: number) => void): () => void;
  /** Undefined where the system does not say, or when the process is gone. */
  readRssMb(pid: number): number | undefined;
}

/** At 300 MB this stopped a slow leak at 302 MB and a tight loop at 419 MB. */
const intervalMs = 100;

/**
 * Watches the resident memory of workers, because Buffers escape every heap limit. Needs Linux' /proc: elsewhere only
 * the heap limit holds. One timer for all, and none while nothing is watched.
 */
export function createMemoryWatch(limitMb: number): MemoryWatch {
  const watched = new Map<symbol, { pid: number; onExceeded: (rssMb: number) => void }>();
  let timer: NodeJS.Timeout | undefined;

  const check = (): void => {
    for (const [key, { pid, onExceeded }] of watched) {
      const rssMb = readRssMb(pid);
      if (rssMb === undefined || rssMb <= limitMb) continue;
      watched.delete(key);
      onExceeded(rssMb);
    }
  };

  return {
    readRssMb,
    watch(pid, onExceeded) {
      const key = Symbol('watched process');
      watched.set(key, { pid, onExceeded });
      timer ??= setInterval(check, intervalMs);
      return () => {
        watched.delete(key);
        if (watched.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** From `status`, which counts in kB; `statm` counts in pages, whose size Node cannot tell (16 kB on some ARM systems). */
function readRssMb(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) / 1_024 : undefined;
  } catch {
    // It has ended since.
    return undefined;
  }
}
