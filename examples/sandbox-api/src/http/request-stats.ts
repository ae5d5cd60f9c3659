export interface StatsReport {
  /** Requests by method and route, such as `GET /issues`. */
  requests: Record<string, number>;
  /** Answers by status; a cut connection counts as 0. */
  statuses: Record<string, number>;
  total: number;
  /** Unix time in milliseconds with fractions: comparable with other processes of the same machine. */
  markedAt: number | null;
  /** The first request after the mark. */
  firstRequestAfterMarkAt: number | null;
}

export interface RequestStats {
  countRequest(route: string): void;
  countStatus(status: number): void;
  /** From here on the first request's time is taken (for latency benchmarks). */
  mark(): number;
  report(): StatsReport;
  clear(): void;
}

export function createRequestStats(): RequestStats {
  const requests = new Map<string, number>();
  const statuses = new Map<string, number>();
  let total = 0;
  let markedAt: number | null = null;
  let firstRequestAfterMarkAt: number | null = null;
  const preciseNow = () => performance.timeOrigin + performance.now();
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    countRequest(route) {
      if (markedAt !== null) firstRequestAfterMarkAt ??= preciseNow();
      total += 1;
      add(requests, route);
    },
    countStatus: (status) => void add(statuses, String(status)),
    mark() {
      firstRequestAfterMarkAt = null;
      markedAt = preciseNow();
      return markedAt;
    },
    report: () => ({
      requests: Object.fromEntries(requests),
      statuses: Object.fromEntries(statuses),
      total,
      markedAt,
      firstRequestAfterMarkAt,
    }),
    clear() {
      requests.clear();
      statuses.clear();
      total = 0;
      markedAt = null;
      firstRequestAfterMarkAt = null;
    },
  };
}
